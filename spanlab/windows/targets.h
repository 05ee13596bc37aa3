// What the four tasks should answer for a window.
#pragma once

#include <cstdint>

#include "spanlab/windows/window.h"

namespace spanlab {

/// The countdown to the labelled span's first bar s at bar t, as a number. Bars beyond 20 before or
/// after count as 20.
enum class CountdownTarget {
  clipped,  ///< clip(s - t, -20, 20), in bars
  unit,     ///< (clip(s - t, -20, 20) + 20) / 40, in [0, 1]
};

/// Targets of a window of T = `length` bars with labelled span s..e.
/// `pointers`: [2] (center, length) = ((s + e) / 2, e - s) / T.
/// `mask`: [T] 1 inside any span, else 0.
/// `countdown`: [T].
/// Without a labelled span all are 0.
void write_targets(const Window& window, int length, CountdownTarget target, float* pointers,
                   float* mask, float* countdown);

}  // namespace spanlab
