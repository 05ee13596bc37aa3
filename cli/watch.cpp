// spanlab watch: reads bars from standard input and prints events as soon as they are known.
#include <fmt/format.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/interruptible.h"
#include "cli/shared_options.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/bars/timestamps.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/detect/detection_text.h"
#include "spanlab/detect/live_detector.h"

namespace spanlab::cli {
namespace {

struct WatchOptions {
  DetectorOptions detector;
  bool committed_only = false;
  int threads = 0;
};

constexpr int kGapsInARow = 3;  // from here on the bars are of another length, not missing

/// Tells stderr of bars that were not taken as they are.
class Warnings {
 public:
  explicit Warnings(const Detector& detector) : detector_(detector) {}

  void tell(BarFate fate, const Bar& bar, int64_t row) {
    const std::string time = time_text(bar.time_ms);
    switch (fate) {
      case BarFate::taken:
        gaps_ = 0;
        break;
      case BarFate::behind_gap:
        tell_gap(bar, row);
        break;
      case BarFate::repeated:
        fmt::print(stderr, "warning: row {} repeats the bar of {}; it is skipped\n", row, time);
        return;
      case BarFate::out_of_time:
        fmt::print(stderr, "warning: row {} goes back in time to {}; it is skipped\n", row, time);
        return;
      case BarFate::no_numbers:
        fmt::print(stderr, "warning: row {} has a price that is NaN or infinite; it is skipped\n",
                   row);
        return;
    }
    last_ms_ = bar.time_ms;
  }

 private:
  void tell_gap(const Bar& bar, int64_t row) {
    if (++gaps_ < kGapsInARow) {
      fmt::print(stderr,
                 "warning: bars are missing before {} (row {}); windows restart, so the next "
                 "detection needs {} bars\n",
                 time_text(bar.time_ms), row, detector_.recipe.data.window);
    } else if (gaps_ == kGapsInARow) {
      fmt::print(
          stderr,
          "warning: bars are missing before {} (row {}) again; the last two are {} apart, but the "
          "detector was trained on bars of {}: it predicts nothing until such bars arrive\n",
          time_text(bar.time_ms), row, duration_text(bar.time_ms - last_ms_),
          duration_text(detector_.bar_ms));
    }
  }

  const Detector& detector_;
  int gaps_ = 0;         // in a row
  int64_t last_ms_ = 0;  // of the last bar that was taken
};

/// The next bar that can be read; a line that cannot is no reason to stop a stream. False at its
/// end.
bool next_bar(BarReader& reader, Bar& bar) {
  double volume = 0;
  while (true) {
    const int64_t before = reader.row();
    try {
      return reader.next(bar, volume);
    } catch (const Error& e) {
      if (reader.row() == before) throw;  // the stream itself is broken
      fmt::print(stderr, "warning: {}; it is skipped\n", e.what());
    }
  }
}

/// A stream may never end: an event that nobody gets must show at once.
void flush_events() {
  if (std::fflush(stdout) != 0) throw std::runtime_error("events could not be written");
}

BarReader open_stream() {
  try {
    return BarReader(ByteSource("/dev/stdin", StopSignal::requested), Unusable::keep);
  } catch (const Error& e) {
    if (StopSignal::requested()) throw Interrupted("stopped before the first bar");
    if (std::string_view(e.what()).find("no header") == std::string_view::npos) throw;
    throw Error(e.what(), e.hint() + "; a file that grows: tail -n +1 -f FILE, not tail -f FILE");
  }
}

void watch(const WatchOptions& options) {
  const Detector detector = options.detector.read();
  const int delay = detector.default_delay;
  const int threads = Job{.threads = options.threads}.thread_count();
  LiveDetector live(detector, delay, threads, !options.committed_only);
  const StopSignal signals;
  BarReader reader = open_stream();
  reader.drop_cut_line();
  fmt::print(stderr,
             "a span is committed {} to {} bars after its end; at the start and after a gap, the "
             "first prediction needs {} bars\n",
             delay + 1, delay + detector.stride, detector.recipe.data.window);
  fmt::print("{}\n", kEventHeader);
  flush_events();
  Warnings warnings(detector);
  Bar bar;
  std::vector<LiveEvent> events;
  int64_t bars = 0, committed = 0;
  while (!StopSignal::requested() && next_bar(reader, bar)) {
    const BarFate fate = live.push(bar, events);
    warnings.tell(fate, bar, reader.row());
    bars += fate == BarFate::taken || fate == BarFate::behind_gap;
    for (const LiveEvent& event : events) {
      committed += event.kind == EventKind::committed;
      fmt::print("{}\n", event_line(event, bar.time_ms));
    }
    flush_events();
  }
  const std::string seen =
      fmt::format("{}, with {} committed", counted(bars, "bar"), counted(committed, "span"));
  if (StopSignal::requested()) throw Interrupted("stopped after " + seen);
  if (reader.cut()) {
    fmt::print(stderr, "warning: the stream ended within row {}; it is skipped\n", reader.row());
  }
  fmt::print(stderr, "the stream ended after {}\n", seen);
}

void declare(Options& options, WatchOptions& values) {
  values.detector.add_to(options);
  options.flag("--committed-only", values.committed_only,
               "Print only committed spans, which never change");
  add_threads_option(options, values.threads);
}

}  // namespace

Command watch_command() {
  return make_command<WatchOptions>(
      "watch", "Find spans in bars from standard input (CSV with a header)", declare, watch);
}

}  // namespace spanlab::cli
