// Look-alikes of windows, as rows of the series, merged and ranked.
#include "spanlab/metrics/label_review.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>

#include "spanlab/base/error.h"
#include "spanlab/labels/hindsight.h"
#include "spanlab/metrics/look_alikes.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/labelled.h"
#include "spanlab/windows/targets.h"

namespace spanlab {
namespace {

// Mean over the span's bars that the detector speaks of; none if there is no such bar.
std::optional<double> mean_over(const Span& span, std::span<const float> probability) {
  double sum = 0.0;
  int64_t bars = 0;
  if (probability.empty()) return {};
  for (int64_t row = span.start_row; row < span.rows().end; ++row) {
    const float p = probability[static_cast<size_t>(row)];
    if (std::isnan(p)) continue;
    sum += double{p};
    ++bars;
  }
  if (bars == 0) return {};
  return sum / static_cast<double>(bars);
}

Span span_of(const Bars& series, const Window& window, const LookAlike& stretch) {
  const int64_t first = window.first_row + stretch.first, last = window.first_row + stretch.last;
  const Direction direction = direction_over(series, {first, last + 1});
  return {.start_row = first,
          .end_row = last,
          .direction = direction,
          .type = type_by_lead(series, first, direction),
          .score = stretch.score};
}

}  // namespace

std::vector<Candidate> review_candidates(const Bars& series, const std::vector<Window>& windows,
                                         int length, double quantile,
                                         std::span<const float> probability) {
  check_windows(series, windows, length);
  const std::vector<Span> labelled = labelled_spans(series, windows);
  if (labelled.empty()) {
    throw Error("no window has a labelled span to compare other bars with",
                "label some expansions first");
  }
  Dataset dataset;  // look-alikes need none of its inputs
  dataset.windows = static_cast<int>(windows.size());
  dataset.length = length;
  std::vector<int> all(windows.size());
  std::iota(all.begin(), all.end(), 0);

  std::vector<Span> found;
  for (const LookAlike& stretch : look_alikes({&series, &windows, &dataset, all}, quantile)) {
    found.push_back(span_of(series, windows[static_cast<size_t>(stretch.window)], stretch));
  }
  const std::vector<Span> joined = add_spans(labelled, found).spans;  // the best of each place
  std::vector<Candidate> candidates;
  for (const Span& span : joined) {
    if (std::binary_search(
            labelled.begin(), labelled.end(), span,
            [](const Span& a, const Span& b) { return a.start_row < b.start_row; })) {
      continue;
    }
    candidates.push_back({span, mean_over(span, probability)});
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) {
                     return std::tuple(-a.probability.value_or(-1.0), -a.span.score) <
                            std::tuple(-b.probability.value_or(-1.0), -b.span.score);
                   });
  return candidates;
}

}  // namespace spanlab
