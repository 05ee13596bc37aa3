// Joins spans and windows by binary search: spans are sorted and disjoint.
#include "spanlab/windows/labelled.h"

#include <algorithm>

namespace spanlab {
namespace {

bool share_a_bar(const WindowSpan& a, const WindowSpan& b) {
  return a.start <= b.end && b.start <= a.end;
}

}  // namespace

void join_spans(std::vector<Window>& windows, const std::vector<Span>& spans, int length) {
  for (Window& window : windows) {
    const std::vector<WindowSpan> own = window.spans;
    const BarRange rows = window.rows(length);
    auto span = std::lower_bound(spans.begin(), spans.end(), rows.begin,
                                 [](const Span& s, int64_t row) { return s.end_row < row; });
    for (; span != spans.end() && span->start_row < rows.end; ++span) {
      const BarRange shown = span->rows().common(rows);
      const WindowSpan seen{static_cast<int>(shown.begin - rows.begin),
                            static_cast<int>(shown.end - 1 - rows.begin), span->type};
      if (std::any_of(own.begin(), own.end(),
                      [&](const WindowSpan& known) { return share_a_bar(seen, known); })) {
        continue;
      }
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
