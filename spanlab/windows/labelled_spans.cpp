// Merges the windows' spans in order of their first row.
#include "spanlab/windows/labelled.h"

#include <algorithm>
#include <tuple>

#include "spanlab/windows/targets.h"

namespace spanlab {

std::vector<Span> labelled_spans(const Bars& series, const std::vector<Window>& windows) {
  std::vector<Span> parts;
  for (const Window& window : windows) {
    for (const WindowSpan& span : window.spans) {
      parts.push_back({.start_row = window.first_row + span.start,
                       .end_row = window.first_row + span.end,
                       .direction = Direction::up,
                       .type = span.type,
                       .score = 0.0});
    }
  }
  std::sort(parts.begin(), parts.end(), [](const Span& a, const Span& b) {
    return std::tuple(a.start_row, -a.end_row, a.type) <
           std::tuple(b.start_row, -b.end_row, b.type);
  });
  std::vector<Span> spans;
  int64_t longest = 0;  // bars of the longest part of the last span
  for (const Span& part : parts) {
    const int64_t bars = part.rows().size();
    if (spans.empty() || part.start_row > spans.back().end_row) {
      spans.push_back(part);
      longest = bars;
      continue;
    }
    Span& span = spans.back();
    span.end_row = std::max(span.end_row, part.end_row);
    if (bars > longest) {
      span.type = part.type;
      longest = bars;
    }
  }
  for (Span& span : spans) span.direction = direction_over(series, span.rows());
  return spans;
}

}  // namespace spanlab
