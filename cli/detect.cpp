// spanlab detect: all detections in a file of bars.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/interruptible.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/base/text.h"
#include "spanlab/detect/detect.h"
#include "spanlab/detect/detection_text.h"
#include "spanlab/detect/detector_test.h"
#include "spanlab/fit/fit.h"
#include "spanlab/labels/spans.h"
#include "spanlab/report/reports.h"
#include "spanlab/windows/check.h"

namespace spanlab::cli {
namespace {

struct DetectOptions {
  DetectorOptions detector;
  std::string bars, spans, out, probabilities;
  std::optional<int64_t> first_row;
  int threads = 0;
  bool quiet = false;
};

void write_found(const std::vector<Detection>& found, int64_t bars, const std::string& out) {
  if (out.empty()) {
    fmt::print("{}", detections_csv(found));
    return;
  }
  write_detections(out, found);
  const auto open = std::count_if(found.begin(), found.end(),
                                  [](const Detection& detection) { return !detection.committed; });
  fmt::print("{}: {} in {} bars", out, counted(static_cast<int64_t>(found.size()), "span"), bars);
  if (open > 0) {
    fmt::print(", {} of them provisional: {} may continue", open, open == 1 ? "it" : "they");
  }
  fmt::print("\n");
}

void detect_spans(const DetectOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars},
                                            {"--spans", options.spans},
                                            {"--probabilities", options.probabilities},
                                            {"the detector", options.detector.file}});
  if (!options.spans.empty() && options.out.empty()) {
    throw UsageError("--spans prints metrics, which would mix with the spans on standard output",
                     "give a file for the spans with --out");
  }
  if (!options.out.empty() && !options.out.ends_with(".csv") && !options.out.ends_with(".json")) {
    throw UsageError(fmt::format("--out {}: the file must be a .csv or .json file", options.out),
                     fmt::format("name it {}", with_ending(options.out, ".csv")));
  }
  if (options.spans.empty() && options.first_row) {
    throw UsageError("--first-row sets the first row to evaluate, but --spans is missing",
                     "give --spans too");
  }
  const Detector detector = options.detector.read();
  const Bars series = load_bars(options.bars);
  const int delay = detector.default_delay;
  const SeriesDetections found =
      or_interrupted(options.threads, options.quiet, "nothing was written",
                     [&](const Job& job) { return detect(detector, series, delay, job); });
  warn_of_inputs(detector, series, found.inputs);
  write_found(found.detections, series.size(), options.out);
  if (!options.probabilities.empty()) {
    write_probabilities(options.probabilities, series, found.probability);
  }
  if (options.spans.empty()) return;
  const std::vector<Span> spans = read_spans(options.spans);
  check_spans(series, spans, options.spans);
  print_document(detector_test_report(test_detector(
      detector, series, spans, options.first_row.value_or(0), delay, found.probability)));
}

void declare(Options& options, DetectOptions& values) {
  values.detector.add_to(options);
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();
  options.option("--out", values.out,
                 "File for the spans, .csv or .json (default: CSV to standard output)");
  options.option("--probabilities", values.probabilities,
                 "File for the calibrated probability of every bar: CSV");
  options.option("--spans", values.spans, "Spans file of these bars: print the detector's metrics");
  options.option("--first-row", values.first_row, IntegerRange{0, kNoLimit},
                 "First row to evaluate with the spans (default: 0)");
  add_threads_option(options, values.threads);
  options.flag("--quiet", values.quiet, "No progress");
}

}  // namespace

Command detect_command() {
  return make_command<DetectOptions>("detect", "Find the spans in a file of bars", declare,
                                     detect_spans);
}

}  // namespace spanlab::cli
