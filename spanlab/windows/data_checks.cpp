// Sizes, targets and classes of selected windows; pairs of windows that repeat or contradict each
// other.
#include "spanlab/windows/data_checks.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "spanlab/windows/groups.h"

namespace spanlab {
namespace {

// What a window says of each of its bars: 0 nothing, else 1 + the type of the span there. [length]
std::vector<int> said_by(const Window& window, int length) {
  std::vector<int> said(static_cast<size_t>(length), 0);
  for (const WindowSpan& span : window.spans) {
    for (int t = span.start; t <= span.end; ++t) {
      int& bar = said[static_cast<size_t>(t)];
      if (bar == 0) bar = 1 + static_cast<int>(span.type);
    }
  }
  return said;
}

int64_t positive_bars(const Window& window, int length) {
  const std::vector<int> said = said_by(window, length);
  return std::count_if(said.begin(), said.end(), [](int s) { return s != 0; });
}

// Rows of the labelled spans, as many as there are stretches that share no bar.
int distinct_spans(const std::vector<Window>& windows) {
  std::vector<BarRange> rows;
  for (const Window& window : windows) {
    if (window.spans.empty()) continue;
    const int64_t begin = window.first_row + window.spans.front().start;
    rows.push_back({begin, begin + window.spans.front().length()});
  }
  std::sort(rows.begin(), rows.end(),
            [](const BarRange& a, const BarRange& b) { return a.begin < b.begin; });
  int distinct = 0;
  int64_t end = 0;
  for (const BarRange& range : rows) {
    distinct += range.begin >= end;
    end = std::max(end, range.end);
  }
  return distinct;
}

SampleSize size_of(const std::vector<Window>& all, const std::vector<int>& chosen, int length) {
  std::vector<Window> windows;
  for (const int i : chosen) windows.push_back(all[static_cast<size_t>(i)]);
  SampleSize size;
  size.windows = static_cast<int>(windows.size());
  size.groups = group_windows(windows, length).count;
  size.distinct_spans = distinct_spans(windows);
  size.bars = static_cast<int64_t>(windows.size()) * length;
  for (const Window& window : windows) {
    size.labelled_windows += !window.spans.empty();
    size.positive_bars += positive_bars(window, length);
  }
  return size;
}

}  // namespace

std::vector<Conflict> conflicting_windows(const std::vector<Window>& windows, int length) {
  std::vector<int> by_row(windows.size());
  std::iota(by_row.begin(), by_row.end(), 0);
  const auto first_row = [&](int i) { return windows[static_cast<size_t>(i)].first_row; };
  std::stable_sort(by_row.begin(), by_row.end(),
                   [&](int a, int b) { return first_row(a) < first_row(b); });
  std::vector<std::vector<int>> said;
  for (const int i : by_row) said.push_back(said_by(windows[static_cast<size_t>(i)], length));

  std::vector<Conflict> conflicts;
  for (size_t i = 0; i < by_row.size(); ++i) {
    for (size_t k = i + 1; k < by_row.size(); ++k) {
      const int64_t shift = first_row(by_row[k]) - first_row(by_row[i]);
      if (shift >= length) break;
      Conflict conflict{.a = by_row[i],
                        .b = by_row[k],
                        .shared_bars = length - static_cast<int>(shift),
                        .conflicting_bars = 0};
      for (size_t t = 0; t < static_cast<size_t>(conflict.shared_bars); ++t) {
        conflict.conflicting_bars += said[i][t + static_cast<size_t>(shift)] != said[k][t];
      }
      if (conflict.conflicting_bars > 0) conflicts.push_back(conflict);
    }
  }
  return conflicts;
}

std::vector<Duplicate> duplicate_windows(const std::vector<Window>& windows) {
  std::multimap<int64_t, int> seen;  // first row -> windows that repeat none
  std::vector<Duplicate> duplicates;
  for (int i = 0; i < static_cast<int>(windows.size()); ++i) {
    const Window& window = windows[static_cast<size_t>(i)];
    const auto [from, to] = seen.equal_range(window.first_row);
    const auto same = std::find_if(from, to, [&](const auto& other) {
      return windows[static_cast<size_t>(other.second)].spans == window.spans;
    });
    if (same == to) {
      seen.emplace(window.first_row, i);
    } else {
      duplicates.push_back({same->second, i});
    }
  }
  return duplicates;
}

EffectiveSample effective_sample(const std::vector<Window>& windows, const Split& split,
                                 int length) {
  return {size_of(windows, split.train, length), size_of(windows, split.validation, length)};
}

double saturated_countdown_share(const Dataset& dataset, const std::vector<int>& chosen,
                                 CountdownTarget target) {
  const float nearest = target == CountdownTarget::clipped ? -kFarthestCountdown : 0.0f;
  const float farthest = target == CountdownTarget::clipped ? kFarthestCountdown : 1.0f;
  const auto length = static_cast<size_t>(dataset.length);
  int64_t saturated = 0, targets = 0;
  for (const int window : chosen) {
    const auto i = static_cast<size_t>(window);
    if (!dataset.labelled[i]) continue;
    for (size_t place = i * length; place < (i + 1) * length; ++place) {
      if (!dataset.countdown_counted.empty() && !dataset.countdown_counted[place]) continue;
      const float value = dataset.countdown[place];
      ++targets;
      saturated += value <= nearest || value >= farthest;
    }
  }
  return targets > 0 ? static_cast<double>(saturated) / static_cast<double>(targets) : 0.0;
}

TypeCounts count_types(const std::vector<Window>& windows, const std::vector<int>& chosen) {
  TypeCounts counts;
  for (const int i : chosen) {
    const std::vector<WindowSpan>& spans = windows[static_cast<size_t>(i)].spans;
    counts.unlabelled += spans.empty();
    counts.consolidations += !spans.empty() && spans.front().type == SpanType::consolidation;
    counts.retracements += !spans.empty() && spans.front().type == SpanType::retracement;
  }
  return counts;
}

}  // namespace spanlab
