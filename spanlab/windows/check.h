// Whether windows and spans fit their series.
#pragma once

#include <vector>

#include "spanlab/bars/series.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Throws Error naming the first window that reaches beyond the series or runs across a gap (with
/// the times of the gap), or if the series has fewer bars than a window of `length` bars.
void check_windows(const Series& series, const std::vector<Window>& windows, int length);

/// Throws Error naming the first span that reaches beyond the series.
void check_spans(const Series& series, const std::vector<Span>& spans);

}  // namespace spanlab
