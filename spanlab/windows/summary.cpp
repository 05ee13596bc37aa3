// One pass over the windows, and one in their order in the series.
#include "spanlab/windows/window.h"

#include <algorithm>

#include "spanlab/windows/groups.h"

namespace spanlab {
namespace {

// Bars inside any of the spans, which may overlap.
int64_t covered_bars(const std::vector<WindowSpan>& spans, int length) {
  std::vector<bool> inside(static_cast<size_t>(length), false);
  for (const WindowSpan& span : spans) {
    std::fill(inside.begin() + span.start, inside.begin() + span.end + 1, true);
  }
  return std::count(inside.begin(), inside.end(), true);
}

int windows_sharing_bars(const std::vector<Window>& windows, int length) {
  std::vector<int64_t> rows;
  for (const Window& window : windows) rows.push_back(window.first_row);
  std::sort(rows.begin(), rows.end());
  int sharing = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool before = i > 0 && rows[i] - rows[i - 1] < length;
    const bool behind = i + 1 < rows.size() && rows[i + 1] - rows[i] < length;
    sharing += before || behind;
  }
  return sharing;
}

}  // namespace

WindowsSummary summarise_windows(const std::vector<Window>& windows, int length) {
  WindowsSummary summary;
  summary.windows = static_cast<int>(windows.size());
  summary.sharing_bars = windows_sharing_bars(windows, length);
  summary.groups = group_windows(windows, length).count;
  for (const Window& window : windows) {
    summary.shifted += window.offset != 0;
    if (window.spans.empty()) continue;
    const WindowSpan& labelled = window.spans.front();
    summary.consolidations += labelled.type == SpanType::consolidation;
    summary.retracements += labelled.type == SpanType::retracement;
    summary.partly_visible += window.visible_fraction < 1.0;
    summary.labelled_bars += labelled.length();
    summary.span_bars += covered_bars(window.spans, length);
  }
  const double bars = static_cast<double>(windows.size()) * length;
  if (bars > 0.0) {
    summary.base_rate = static_cast<double>(summary.labelled_bars) / bars;
    summary.span_base_rate = static_cast<double>(summary.span_bars) / bars;
  }
  return summary;
}

}  // namespace spanlab
