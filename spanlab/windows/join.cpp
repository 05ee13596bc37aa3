// Spans and windows meet through a binary search: spans are sorted and disjoint.
#include "spanlab/windows/join.h"

#include <algorithm>

namespace spanlab {
namespace {

bool share_a_bar(const WindowSpan& a, const WindowSpan& b) {
  return a.start <= b.end && b.start <= a.end;
}

}  // namespace

void join_spans(std::vector<Window>& windows, const std::vector<Span>& spans, int length) {
  for (Window& window : windows) {
    const bool labelled = !window.spans.empty();
    const int64_t last_row = window.first_row + length - 1;
    auto span = std::lower_bound(spans.begin(), spans.end(), window.first_row,
                                 [](const Span& s, int64_t row) { return s.end_row < row; });
    for (; span != spans.end() && span->start_row <= last_row; ++span) {
      const WindowSpan seen{
          static_cast<int>(std::max(span->start_row, window.first_row) - window.first_row),
          static_cast<int>(std::min(span->end_row, last_row) - window.first_row), span->type};
      if (labelled && share_a_bar(seen, window.spans.front())) continue;
      if (window.spans.empty()) {
        window.visible_fraction = static_cast<double>(seen.end - seen.start + 1) /
                                  static_cast<double>(span->end_row - span->start_row + 1);
      }
      window.spans.push_back(seen);
    }
    window.complete = true;
  }
}

}  // namespace spanlab
