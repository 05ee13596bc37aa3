// Windows cut around labelled spans.
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
/// overlaps with ids such as "0_+52". The same seed gives the same windows. Throws Error if a
/// setting is out of range, there is no span, a span lies outside the series, or fewer than `count`
/// (without it: no) spans fit into a window.
std::vector<Window> cut_windows(const Bars& series, const std::vector<Span>& spans,
                                const CutSettings& settings);

}  // namespace spanlab
