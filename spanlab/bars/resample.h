// Joins bars to bars of a longer size.
#pragma once

#include <cstdint>

#include "spanlab/bars/bars.h"

namespace spanlab {

struct Resampled {
  Bars bars;
  int64_t dropped_bars = 0;  ///< bars of the input that are part of no complete longer bar
};

/// Joins neighbours into bars of `to_ms` milliseconds that start at multiples of it in the file's
/// clock: first open, highest high, lowest low, last close, sum of volumes.
///
/// A longer bar is made only of a complete run of shorter bars, each exactly one bar after the one
/// before. Where bars are missing, doubled or out of order, inside or at an edge, the longer bar is
/// left out: so none mixes two sides of a gap, all cover the same time, and every gap of the input
/// is a gap of the result.
///
/// Throws Error if `to_ms` is not a multiple (at least twice) of the bar size, the bar size is
/// unknown, or no longer bar is complete.
Resampled resample(const Bars& series, int64_t to_ms);

}  // namespace spanlab
