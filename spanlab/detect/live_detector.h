// A detector on bars as they come: committed, provisional and withdrawn spans.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "spanlab/detect/detect.h"
#include "spanlab/detect/detector.h"

namespace spanlab {

enum class EventKind {
  provisional,  ///< a span as it looks now; it is new, or other than it last looked
  withdrawn,    ///< a provisional span that is no more
  committed     ///< a span that never changes
};

struct LiveEvent {
  EventKind kind;
  Detection detection;
};

/// What became of a bar.
enum class BarFate {
  taken,
  behind_gap,   ///< taken; bars are missing before it, so windows start afresh
  repeated,     ///< skipped: of the same time as the bar before
  out_of_time,  ///< skipped: earlier than the bar before
  no_numbers    ///< skipped: a price is not finite
};

/// Committed events are those of detect() on the same bars, where their length is the same, in the
/// same order, with the same bits.
class LiveDetector {
 public:
  /// `detector` must outlive this. A step in time other than `bar_ms`, without it the detector's
  /// own bar, is a gap; at 0 none is. Without `provisional` only committed events come, at a
  /// fraction of the time. Throws Error as Detector::at_delay() does.
  LiveDetector(const Detector& detector, int delay, int threads, bool provisional,
               std::optional<int64_t> bar_ms = {});
  LiveDetector(LiveDetector&&) noexcept;
  ~LiveDetector();

  /// Takes a closed bar. `events` [any number] out: what it changed: first what is
  /// committed, then what is withdrawn, then what is provisional, each in order of time.
  BarFate push(const Bar& bar, std::vector<LiveEvent>& events);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spanlab
