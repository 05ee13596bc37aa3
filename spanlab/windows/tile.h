// Windows side by side, for testing on all bars from some row on.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/bars/series.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Disjoint windows of `length` bars from `first_row` on, by row, with ids "0", "1", ... Each
/// begins where the one before ends; where that would run across a gap it begins behind the gap, so
/// the bars before a gap or the end that fill no window stay out. No window is chosen by what it
/// holds: one without span has none.
/// Each holds every span that shows in its bars, clipped to them, as join_spans() does: a span that
/// an edge cuts is in both windows, and visible_fraction tells the part of the first span that
/// shows. `spans` must be sorted and disjoint, as read_spans() gives them.
/// Throws Error if `length` is below 1, `first_row` is outside the series, a span reaches beyond
/// the series, or no window fits.
std::vector<Window> tile_windows(const Series& series, const std::vector<Span>& spans,
                                 int64_t first_row, int length);

}  // namespace spanlab
