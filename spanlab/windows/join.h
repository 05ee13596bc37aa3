// Further spans of a window, from a spans file.
#pragma once

#include <vector>

#include "spanlab/labels/spans.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Adds to each window every span that shows in its `length` bars, clipped to them. The labelled
/// span stays first; a span that shares a bar with it is taken for the same expansion and not
/// added. A window without labelled span gets the first of the spans as its labelled one. All
/// windows are complete afterwards. `spans` must be sorted and disjoint, as read_spans() gives
/// them; check_spans() tells if they fit the bars.
void join_spans(std::vector<Window>& windows, const std::vector<Span>& spans, int length);

}  // namespace spanlab
