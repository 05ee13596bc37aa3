// Whether windows and spans are valid and fit their series.
#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// As a window's length: any.
inline constexpr int kAnyLength = std::numeric_limits<int>::max();

/// A fault of the window itself, named by the column of a windows file: an id that is empty, longer
/// than 1000 bytes or has a control character; a negative row; a span outside the `length` bars of
/// the window, with start after end, of no known type, or sharing a bar with another one of the
/// window; a visible fraction outside (0, 1], or other than 0 without a span.
std::optional<FieldFault> fault_in(const Window& window, int length);

/// Throws Error naming the first window that has the id of an earlier one. For the message:
/// `place(i)` of window i, such as "row 4", and what stands before it.
void check_ids(const std::vector<Window>& windows, std::string_view before_place,
               const std::function<std::string(size_t)>& place);

/// Both for a list of windows. `file`: where they come from, for the message; empty if from no
/// file.
void check_each(const std::vector<Window>& windows, int length, std::string_view file = {});

/// Throws Error naming the first window that reaches beyond the series or runs across a gap (with
/// the times of the gap), or if the series has fewer bars than a window of `length` bars. `file`:
/// likewise.
void check_places(const Bars& series, const std::vector<Window>& windows, int length,
                  std::string_view file = {});

/// All that can be wrong with windows of a series: check_each() and check_places().
void check_windows(const Bars& series, const std::vector<Window>& windows, int length,
                   std::string_view file = {});

/// Throws Error naming the first span with a fault of its own, that reaches beyond the series, or
/// that does not begin after the end of the one before it. `file`: likewise.
void check_spans(const Bars& series, const std::vector<Span>& spans, std::string_view file = {});

}  // namespace spanlab
