// The targets of the four tasks for a window.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/base/task.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Bars from the span's first bar at which the countdown is cut.
inline constexpr int kFarthestCountdown = 20;

/// Targets of a window of T = `length` bars with labelled span s..e.
/// `pointers`: [2] (center, length) = ((s + e) / 2, e - s) / T.
/// `mask`: [T] 1 inside any span, else 0.
/// `countdown`: [T].
/// Without a labelled span all are 0.
void write_targets(const Window& window, int length, CountdownTarget target, float* pointers,
                   float* mask, float* countdown);

/// `counted`: [T] 1 for bars at most 20 from the labelled span's first one, else 0: those whose
/// countdown enters the loss if the target is masked.
void write_countdown_counted(const Window& window, int length, uint8_t* counted);

/// Where the price went over these rows: up if the last close is not below the close before
/// the first (below its open, where bars are missing before it).
Direction direction_over(const Bars& series, BarRange rows);

/// A span of a window and where the price went in it.
struct DirectedSpan {
  int start;  ///< first bar, 0 = first bar of the window
  int end;    ///< last bar, inclusive
  Direction direction;

  int length() const { return end - start + 1; }  ///< bars
  bool operator==(const DirectedSpan&) const = default;
};

/// All spans of the window in order of time, with direction_over() their bars.
std::vector<DirectedSpan> directed_spans(const Bars& series, const Window& window);

}  // namespace spanlab
