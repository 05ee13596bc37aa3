// Options that detect, watch and replay share.
#include "cli/detector_options.h"

#include <fmt/format.h>

#include "cli/exit_status.h"
#include "cli/load_bars.h"
#include "cli/number_range.h"
#include "cli/program_name.h"
#include "spanlab/detect/input_check.h"

namespace spanlab::cli {

void DetectorOptions::add_to(CLI::App& command) {
  command
      .add_option("detector", file,
                  fmt::format("Detector file, as `{} fit` writes it", program_name()))
      ->required();
  command
      .add_option("--delay", delay,
                  "Bars that a decision waits for, one of the detector's delays (default: its own)")
      ->check(whole_from(0));
  command
      .add_option("--threshold", threshold,
                  "Probability from which a bar counts (default: that of best F1)")
      ->check(number_between(0, 1));
  command.add_option("--precision", precision, "Choose the threshold for this precision of bars")
      ->check(number_between(0, 1));
  command
      .add_option("--per-day", per_day,
                  "Choose the threshold for at most so many detections in 24 hours of bars")
      ->check(number_above(0));
  command
      .add_option("--shortest", shortest,
                  "Bars of the shortest detection (default: the shortest span it learned)")
      ->check(whole_from(1));
}

Detector DetectorOptions::read() const {
  if ((threshold >= 0) + (precision >= 0) + (per_day >= 0) > 1) {
    throw UsageError("--threshold, --precision and --per-day each choose the threshold",
                     "give one of them");
  }
  Detector detector = read_detector(file);
  if (shortest > 0) detector.shortest = shortest;
  double chosen = threshold;
  if (precision >= 0) chosen = threshold_for_precision(detector.points, precision);
  if (per_day >= 0) chosen = threshold_for_rate(detector.points, per_day);
  if (chosen >= 0) {
    for (DelayRow& row : detector.delays) row.threshold = chosen;
  }
  return detector;
}

Series load_bars_for(const Detector& detector, const std::string& file) {
  Series series = load_bars(file);
  for (const std::string& warning : input_warnings(detector, series)) {
    fmt::print(stderr, "warning: {}\n", warning);
  }
  return series;
}

}  // namespace spanlab::cli
