// spanlab replay: proves that a detector never changes what it has committed.
#include <fmt/format.h>

#include <string>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/interruptible.h"
#include "cli/shared_options.h"
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

void replay_bars(const ReplayOptions& options) {
  const Detector detector = options.detector.read();
  const Bars series = load_bars(options.bars);
  const ReplayResult result =
      or_interrupted(options.threads, options.quiet, "nothing is shown of a part of the bars",
                     [&](const Job& job) {
                       return replay(detector, series, detector.default_delay, options.anew, job);
                     });
  warn_of_inputs(detector, series, result.inputs);
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
}

void declare(Options& options, ReplayOptions& values) {
  values.detector.add_to(options);
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();
  options.option("--anew", values.anew, IntegerRange{0, 1'000'000},
                 "Prefixes that are detected once more, from nothing");
  add_threads_option(options, values.threads);
  options.flag("--quiet", values.quiet, "No progress");
}

}  // namespace

Command replay_command() {
  return make_command<ReplayOptions>(
      "replay", "Stream a file of bars and check every prefix of it for repaints", declare,
      replay_bars);
}

}  // namespace spanlab::cli
