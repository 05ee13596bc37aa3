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
    const BarRange rows = window.rows(length);
    auto span = std::lower_bound(spans.begin(), spans.end(), rows.begin,
                                 [](const Span& s, int64_t row) { return s.end_row < row; });
    for (; span != spans.end() && span->start_row < rows.end; ++span) {
      const BarRange shown = span->rows().common(rows);
      const WindowSpan seen{static_cast<int>(shown.begin - rows.begin),
                            static_cast<int>(shown.end - 1 - rows.begin), span->type};
      if (labelled && share_a_bar(seen, window.spans.front())) continue;
      if (window.spans.empty()) {
        window.visible_fraction =
            static_cast<double>(shown.size()) / static_cast<double>(span->rows().size());
      }
      window.spans.push_back(seen);
    }
    window.complete = true;
  }
}

}  // namespace spanlab
