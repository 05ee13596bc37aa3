// Scores labelled spans by the hindsight rule, then finds unlabelled stretches that score as high.
#include "spanlab/metrics/look_alikes.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <tuple>

#include "spanlab/labels/hindsight.h"
#include "spanlab/labels/segments.h"
#include "spanlab/metrics/surroundings.h"

#include "spanlab/base/job.h"

namespace spanlab {
namespace {

// [T] scores of a window's bars for each direction.
using BarScores = std::array<std::vector<double>, 2>;

BarScores bar_scores(const Bars& series, const Window& window, int length) {
  const HindsightRule rule;
  // One bar more in front, so that each bar of the first scale has the one before it.
  const Surroundings bars =
      surroundings(series, window.rows(length), rule.scale_bars + 1, rule.scale_bars);
  BarScores scores;
  for (int t = 0; t < length; ++t) {
    const int i = bars.lead + t;
    const double scale =
        mean_size(bars.change, std::max(1, i - rule.scale_bars), i + rule.scale_bars);
    const double move = bars.change[static_cast<size_t>(i)] / scale;
    scores[0].push_back(move - rule.cost);
    scores[1].push_back(-move - rule.cost);
  }
  return scores;
}

// Over bars first .. last, in one direction or the other. Spans and look-alikes are summed alike:
// equal moves must not differ by a rounding.
double score_of(const BarScores& scores, int first, int last) {
  const auto sum = [&](const std::vector<double>& s) {
    return std::accumulate(s.begin() + first, s.begin() + last + 1, 0.0);
  };
  return std::max(sum(scores[0]), sum(scores[1]));
}

// What a labelled span is like.
struct Typical {
  double score;           // a quantile
  int shortest, longest;  // bars
};

// A span at an edge may continue beyond it: how long it is, nobody knows.
bool at_edge(const WindowSpan& span, int length) {
  return span.start == 0 || span.end == length - 1;
}

// `scores`: [N]. There is at least one span.
Typical typical_span(const WindowSet& set, const std::vector<BarScores>& scores, double quantile) {
  std::vector<double> levels;
  int shortest = set.dataset->length + 1, longest = 0;
  for (size_t n = 0; n < scores.size(); ++n) {
    for (const WindowSpan& span : (*set.windows)[static_cast<size_t>(set.chosen[n])].spans) {
      levels.push_back(score_of(scores[n], span.start, span.end));
      const int bars = span.length();
      longest = std::max(longest, bars);  // the part that shows is a part of one as long
      if (!at_edge(span, set.dataset->length)) shortest = std::min(shortest, bars);
    }
  }
  const size_t place = static_cast<size_t>(static_cast<double>(levels.size()) * quantile);
  const auto level = levels.begin() + static_cast<ptrdiff_t>(std::min(place, levels.size() - 1));
  std::nth_element(levels.begin(), level, levels.end());
  if (shortest > longest) shortest = HindsightRule().min_bars;  // none is seen whole
  return {*level, shortest, longest};
}

bool share_bar(int first, int last, int other_first, int other_last) {
  return first <= other_last && other_first <= last;
}

bool shares_bar(const LookAlike& stretch, const std::vector<WindowSpan>& spans) {
  return std::any_of(spans.begin(), spans.end(), [&](const WindowSpan& span) {
    return share_bar(stretch.first, stretch.last, span.start, span.end);
  });
}

// Those of one window, which may share bars with each other.
std::vector<LookAlike> candidates(int number, const Window& window, const BarScores& scores,
                                  const Typical& typical) {
  std::vector<LookAlike> found;
  for (const std::vector<double>& direction : scores) {
    for (const Segment& segment : maximal_segments(direction)) {
      const auto first = static_cast<int>(segment.first), last = static_cast<int>(segment.last);
      const LookAlike stretch{
          .window = number, .first = first, .last = last, .score = score_of(scores, first, last)};
      const int bars = last - first + 1;
      if (bars < typical.shortest || bars > typical.longest) continue;
      if (stretch.score < typical.score || shares_bar(stretch, window.spans)) continue;
      found.push_back(stretch);
    }
  }
  return found;
}

void best_first(std::vector<LookAlike>& stretches) {
  std::sort(stretches.begin(), stretches.end(), [](const LookAlike& a, const LookAlike& b) {
    return std::tuple(-a.score, a.window, a.first) < std::tuple(-b.score, b.window, b.first);
  });
}

}  // namespace

std::vector<LookAlike> look_alikes(const WindowSet& set, double quantile) {
  check_window_set(set);
  std::vector<BarScores> scores;
  bool labelled = false;
  for (const int number : set.chosen) {
    check_stop();
    const Window& window = (*set.windows)[static_cast<size_t>(number)];
    scores.push_back(bar_scores(*set.series, window, set.dataset->length));
    labelled = labelled || !window.spans.empty();
  }
  if (!labelled) return {};

  const Typical typical = typical_span(set, scores, quantile);
  std::vector<LookAlike> all;
  for (size_t n = 0; n < scores.size(); ++n) {
    const int number = set.chosen[n];
    std::vector<LookAlike> found =
        candidates(number, (*set.windows)[static_cast<size_t>(number)], scores[n], typical);
    best_first(found);
    const auto first = static_cast<ptrdiff_t>(all.size());
    for (const LookAlike& stretch : found) {
      const bool taken = std::any_of(all.begin() + first, all.end(), [&](const LookAlike& better) {
        return share_bar(stretch.first, stretch.last, better.first, better.last);
      });
      if (!taken) all.push_back(stretch);
    }
  }
  best_first(all);
  return all;
}

}  // namespace spanlab
