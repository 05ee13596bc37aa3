// spanlab detect: all detections in a file of bars.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/detection_text.h"
#include "cli/detector_options.h"
#include "cli/exit_status.h"
#include "cli/load_bars.h"
#include "cli/output_file.h"
#include "cli/progress.h"
#include "cli/progress_line.h"
#include "cli/threads_option.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"
#include "spanlab/detect/detect.h"
#include "spanlab/detect/input_check.h"

namespace spanlab::cli {
namespace {

struct DetectOptions {
  DetectorOptions detector;
  std::string bars, out;
  int threads = 0;
  bool quiet = false;
};

void detect_command(const DetectOptions& options) {
  require_own_file({"--out", options.out},
                   {{"--bars", options.bars}, {"the detector", options.detector.file}});
  const Detector detector = options.detector.read();
  const Series series = load_bars(options.bars);
  for (const std::string& warning : input_warnings(detector, series)) {
    fmt::print(stderr, "warning: {}\n", warning);
  }
  const StopSignal signals;
  ProgressLine progress(options.quiet);
  const auto on_progress = [&](int64_t bars) {
    progress.show(fmt::format("{} of {} bars", bars, series.size()));
    return !StopSignal::requested();
  };
  const std::vector<Detection> found = detect(detector, series, options.detector.delay_of(detector),
                                              threads_of(options.threads), on_progress);
  progress.finish();
  if (StopSignal::requested()) throw Interrupted("stopped; nothing was written");
  const bool json = options.out.ends_with(".json");
  const std::string text = json ? detections_json(found) : detections_csv(found);
  if (options.out.empty()) {
    fmt::print("{}", text);
    return;
  }
  write_file_atomically(options.out, text);
  int64_t open = 0;
  for (const Detection& detection : found) open += !detection.committed;
  fmt::print("{}: {} in {} bars", options.out, counted(static_cast<int64_t>(found.size()), "span"),
             series.size());
  if (open > 0) fmt::print(", {} of them provisional: its bars are not decided yet", open);
  fmt::print("\n");
}

}  // namespace

void add_detect_command(CLI::App& app) {
  const auto options = std::make_shared<DetectOptions>();
  CLI::App* command = app.add_subcommand("detect", "Find the spans in a file of bars");
  options->detector.add_to(*command);
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--out", options->out,
                      "File for the spans, .csv or .json (default: CSV to standard output)");
  add_threads_option(*command, options->threads);
  command->add_flag("--quiet", options->quiet, "No progress");
  command->callback([options] { detect_command(*options); });
}

}  // namespace spanlab::cli
