// What the windows label, as spans of their series.
#pragma once

#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// All spans of the windows by row, sorted and disjoint. Spans that share a bar are one expansion
/// that several windows show, some of them a part of it: they become one span, from the first bar
/// of any to the last bar of any, of the type of the longest. Directions are those of
/// direction_over(), scores 0. The windows must fit the series, see check_windows().
std::vector<Span> labelled_spans(const Bars& series, const std::vector<Window>& windows);

}  // namespace spanlab
