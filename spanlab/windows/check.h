// Whether windows and spans fit their series.
#pragma once

#include <string_view>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Throws Error naming the first window that reaches beyond the series or runs across a gap (with
/// the times of the gap), or if the series has fewer bars than a window of `length` bars.
/// `file`: where the windows come from, for the message; empty if from no file.
void check_windows(const Bars& series, const std::vector<Window>& windows, int length,
                   std::string_view file = {});

/// Throws Error naming the first span that reaches beyond the series. `file`: likewise.
void check_spans(const Bars& series, const std::vector<Span>& spans, std::string_view file = {});

}  // namespace spanlab
