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
  const ReplayResult result = or_interrupted(
      options.threads, options.quiet, "no partial result is printed", [&](const Job& job) {
        return replay(detector, series, detector.default_delay, options.anew, job);
      });
  warn_of_inputs(detector, series, result.inputs);
  fmt::print(
      "prefixes        {}  ({} of them detected again from the start)\nrepaints        "
      "{}\ncommitted       {} spans, {:.1f} bars after their end on average\nwithdrawn       {} "
      "provisional spans\ntime            {:.3f} ms per bar\n",
      result.prefixes, result.anew, result.repaints, result.committed.size(), result.mean_wait,
      result.withdrawn, result.seconds_a_bar * 1000);
  if (result.repaints > 0) {
    throw Error(fmt::format("{} prefixes differ from the stream", result.repaints),
                "this is a bug: please report it with the detector and the bars");
  }
}

void declare(Options& options, ReplayOptions& values) {
  values.detector.add_to(options);
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();
  options.option("--anew", values.anew, IntegerRange{0, 1'000'000},
                 "Prefixes to detect again from the start");
  add_threads_option(options, values.threads);
  options.flag("--quiet", values.quiet, "No progress");
}

}  // namespace

Command replay_command() {
  return make_command<ReplayOptions>(
      "replay", "Stream a file of bars and check every prefix for repaints", declare, replay_bars);
}

}  // namespace spanlab::cli
