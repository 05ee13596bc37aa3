// spanlab replay: shows that a detector never changes what it has committed.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/detector_options.h"
#include "cli/exit_status.h"
#include "cli/number_range.h"
#include "cli/progress.h"
#include "cli/progress_line.h"
#include "cli/threads_option.h"
#include "spanlab/base/error.h"
#include "spanlab/detect/replay.h"

namespace spanlab::cli {
namespace {

struct ReplayOptions {
  DetectorOptions detector;
  std::string bars;
  int64_t anew = 20;
  int threads = 0;
  bool quiet = false;
};

void replay_command(const ReplayOptions& options) {
  const Detector detector = options.detector.read();
  const Series series = load_bars_for(detector, options.bars);
  const StopSignal signals;
  ProgressLine progress(options.quiet);
  const auto on_progress = [&](int64_t bars) {
    if (bars % 256 == 0) progress.show(fmt::format("{} of {} bars", bars, series.size()));
    return !StopSignal::requested();
  };
  const ReplayResult result = replay(detector, series, options.detector.delay_of(detector),
                                     options.anew, threads_of(options.threads), on_progress);
  progress.finish();
  fmt::print(
      "prefixes        {}  ({} of them detected anew from nothing)\n"
      "repaints        {}\n"
      "committed       {} spans, {:.1f} bars after their end on average\n"
      "withdrawn       {} provisional spans\n"
      "time            {:.3f} ms a bar\n",
      result.prefixes, result.anew, result.repaints, result.committed.size(), result.mean_wait,
      result.withdrawn, result.seconds_a_bar * 1000);
  if (result.repaints > 0) {
    throw Error(fmt::format("{} prefixes say something else than the stream", result.repaints),
                "this is a bug: please report it with the detector and the bars");
  }
  if (StopSignal::requested()) {
    throw Interrupted(fmt::format("stopped after {} of {} bars", result.prefixes, series.size()));
  }
}

}  // namespace

void add_replay_command(CLI::App& app) {
  const auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = app.add_subcommand(
      "replay", "Stream a file of bars and check every prefix of it for repaints");
  options->detector.add_to(*command);
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--anew", options->anew, "Prefixes that are detected once more, from nothing")
      ->check(whole_between(0, 1'000'000))
      ->capture_default_str();
  add_threads_option(*command, options->threads);
  command->add_flag("--quiet", options->quiet, "No progress");
  command->callback([options] { replay_command(*options); });
}

}  // namespace spanlab::cli
