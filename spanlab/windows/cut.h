// Cuts windows from a series: around its spans, or at equal steps.
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

inline constexpr int kDefaultBaseWindows = 174;

/// The defaults give what the reported run had: 174 base windows and 36 overlaps.
struct CutSettings {
  /// Base windows, one a span. Without it as many as fit, at most kDefaultBaseWindows.
  std::optional<int> count;
  int overlaps = 36;           ///< at most so many windows shifted from a base window
  int64_t stride = 52;         ///< bars that an overlap is shifted by, to either side
  double min_visible = 0.3;    ///< smallest part of the span that an overlap must show
  int length = kWindowLength;  ///< bars in a window
  int64_t rows_before = std::numeric_limits<int64_t>::max();  ///< no window reaches this row
  uint64_t seed = 42;
};

/// cut.count and so on, bound to the fields of `settings`.
std::vector<Setting> settings_of(CutSettings& settings);

/// Draws spans, `count` of them, and puts a window around each so that the span is wholly visible
/// at a random place; then draws from all windows shifted by plus or minus `stride` that show
/// enough of the same span, which is clipped to them. No window runs across a gap or reaches
/// `rows_before`. Base windows first, by the row of their span, with ids "0", "1", ...; then
/// overlaps with ids such as "0_+52". The same seed gives the same windows. `spans` must be sorted
/// and disjoint, as read_spans() gives them. Throws Error if they are not, a setting is out of
/// range, there is no span, a span lies outside the series, or fewer than `count` (without it: no)
/// spans fit into a window.
std::vector<Window> cut_windows(const Bars& series, const std::vector<Span>& spans,
                                const CutSettings& settings);

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

/// Windows by row, with ids "0", "1", ... Each begins a step after the one before; where that
/// would run across a gap it begins after the gap, so the bars before a gap or the end that fill
/// no window stay out. No window is chosen by what it holds: one without span has none.
/// Each holds every span that shows in its bars, clipped to them, as join_spans() does, and is
/// complete; visible_fraction tells the part of the first span that shows. `spans` must be sorted
/// and disjoint, as read_spans() gives them.
/// Throws Error if length or step is below 1, `first_row` is outside the series, `rows_before` not
/// above it, a span reaches beyond the series, or no window fits.
std::vector<Window> tile_windows(const Bars& series, const std::vector<Span>& spans,
                                 const TileSettings& settings);

}  // namespace spanlab
