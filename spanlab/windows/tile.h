// Windows at equal steps, whatever they hold: side by side for a test, overlapping for training.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/window.h"

namespace spanlab {

struct Setting;

struct TileSettings {
  int64_t first_row = 0;       ///< of the first window
  int length = kWindowLength;  ///< bars in a window
  /// Bars from a window's first to the next one's; without it the length, so that windows stand
  /// side by side. Smaller: they overlap. Larger: bars between them stay out.
  std::optional<int64_t> step{};
  int64_t rows_before = std::numeric_limits<int64_t>::max();  ///< no window reaches this row
};

/// tile.first_row and so on, bound to the fields of `settings`.
std::vector<Setting> settings_of(TileSettings& settings);

/// Windows by row, with ids "0", "1", ... Each begins a step behind the one before; where that
/// would run across a gap it begins behind the gap, so the bars before a gap or the end that fill
/// no window stay out. No window is chosen by what it holds: one without span has none.
/// Each holds every span that shows in its bars, clipped to them, as join_spans() does, and is
/// complete; visible_fraction tells the part of the first span that shows. `spans` must be sorted
/// and disjoint, as read_spans() gives them.
/// Throws Error if length or step is below 1, `first_row` is outside the series, `rows_before` not
/// above it, a span reaches beyond the series, or no window fits.
std::vector<Window> tile_windows(const Bars& series, const std::vector<Span>& spans,
                                 const TileSettings& settings);

}  // namespace spanlab
