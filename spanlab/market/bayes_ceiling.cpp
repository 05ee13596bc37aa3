// Scores the posterior like any detector; its threshold needs no training windows.
#include "spanlab/market/bayes_ceiling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "spanlab/base/error.h"
#include "spanlab/base/number.h"
#include "spanlab/metrics/ranking.h"

namespace spanlab {
namespace {

struct Choice {
  double threshold = kNone, f1 = kNone;
};

Choice highest_expected_f1(std::span<const double> posterior) {
  std::vector<double> sorted(posterior.begin(), posterior.end());
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const double inside = std::accumulate(sorted.begin(), sorted.end(), 0.0);
  Choice best;
  if (!(inside > 0)) return best;
  double hits = 0;
  for (size_t k = 0; k < sorted.size(); ++k) {
    hits += sorted[k];
    if (k + 1 < sorted.size() && sorted[k + 1] == sorted[k]) continue;  // ties go together
    const double f1 = 2 * hits / (static_cast<double>(k + 1) + inside);
    if (!(f1 <= best.f1)) best = {sorted[k], f1};
  }
  return best;
}

std::vector<float> mask_of(const std::vector<Span>& spans, size_t bars) {
  std::vector<float> mask(bars);
  for (const Span& span : spans) {
    if (span.start_row < 0 || span.end_row >= static_cast<int64_t>(bars)) {
      throw Error(fmt::format("the span of rows {} to {} lies outside the {} bars", span.start_row,
                              span.end_row, bars),
                  "give the spans of these bars");
    }
    std::fill(mask.begin() + span.rows().begin, mask.begin() + span.rows().end, 1.0F);
  }
  return mask;
}

// The rows to score, side by side.
struct Scored {
  std::vector<double> posterior;
  std::vector<float> mask;
};

Scored select(std::span<const double> posterior, const std::vector<float>& mask,
              std::span<const int64_t> rows) {
  if (rows.empty()) return {{posterior.begin(), posterior.end()}, mask};
  Scored scored;
  for (const int64_t row : rows) {
    if (row < 0 || row >= static_cast<int64_t>(mask.size())) {
      throw Error(fmt::format("row {} is not one of the {} bars", row, mask.size()),
                  "score rows of the series");
    }
    scored.posterior.push_back(posterior[static_cast<size_t>(row)]);
    scored.mask.push_back(mask[static_cast<size_t>(row)]);
  }
  return scored;
}

double ranked_precision(const Scored& scored) {
  const std::vector<float> probability(scored.posterior.begin(), scored.posterior.end());
  const RankedBars ranked({.windows = 1,
                           .length = static_cast<int>(probability.size()),
                           .probability = probability,
                           .mask = scored.mask,
                           .group = {}});
  return average_precision(ranked.weigh(std::vector<double>{1.0}));
}

}  // namespace

double expected_f1_threshold(std::span<const double> posterior) {
  return highest_expected_f1(posterior).threshold;
}

BayesCeiling bayes_ceiling(std::span<const double> posterior, const std::vector<Span>& spans,
                           std::span<const int64_t> rows) {
  const Scored scored = select(posterior, mask_of(spans, posterior.size()), rows);
  const auto bars = static_cast<double>(scored.mask.size());
  const Choice choice = highest_expected_f1(scored.posterior);
  double hits = 0, predicted = 0, inside = 0, loss = 0;
  for (size_t i = 0; i < scored.mask.size(); ++i) {
    const double p = scored.posterior[i];
    const bool label = scored.mask[i] != 0, chosen = p >= choice.threshold;
    hits += chosen && label;
    predicted += chosen;
    inside += label;
    loss -= label ? std::log(p) : std::log1p(-p);
  }
  return {.bars = static_cast<int64_t>(scored.mask.size()),
          .base_rate = inside / bars,
          .average_precision = ranked_precision(scored),
          .threshold = choice.threshold,
          .expected_f1 = choice.f1,
          .f1 = inside > 0 ? 2 * hits / (predicted + inside) : kNone,
          .precision = hits / predicted,
          .recall = hits / inside,
          .log_loss = loss / bars};
}

}  // namespace spanlab
