// One sort, then sums over levels of equal score: the order of ties does not matter.
#include "spanlab/metrics/ranking.h"

#include <algorithm>
#include <numeric>

#include "spanlab/base/number.h"

namespace spanlab {
namespace {}  // namespace

RankedBars::RankedBars(const ScoredWindows& scored) {
  const std::span<const float> p = scored.probability;
  std::vector<uint32_t> order(p.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [p](uint32_t a, uint32_t b) { return p[a] != p[b] ? p[a] > p[b] : a < b; });
  bars_.reserve(order.size());
  for (const uint32_t bar : order) {
    if (score_.empty() || score_.back() != double{p[bar]}) score_.push_back(p[bar]);
    const auto level = static_cast<uint32_t>(score_.size() - 1);
    const uint32_t side = scored.mask[bar] != 0;
    bars_.push_back({bar / static_cast<uint32_t>(scored.length), 2 * level + side});
  }
}

ScoreLevels RankedBars::weigh(std::span<const double> weight) const {
  ScoreLevels levels;
  weigh(weight, levels);
  return levels;
}

void RankedBars::weigh(std::span<const double> weight, ScoreLevels& levels) const {
  levels.score = score_;
  levels.weight.assign(score_.size(), {0, 0});
  for (const Place& bar : bars_) {
    ScoreLevels::Weight& level = levels.weight[bar.level_and_side / 2];
    // Which side cannot be foreseen: an address instead of a branch.
    *(bar.level_and_side % 2 ? &level.inside : &level.outside) += weight[bar.window];
  }
}

double average_precision(const ScoreLevels& levels) {
  double hits = 0, predicted = 0, area = 0;
  for (const auto& [outside, inside] : levels.weight) {
    hits += inside;
    predicted += inside + outside;
    if (inside > 0) area += inside * hits / predicted;
  }
  return hits > 0 ? area / hits : kNone;
}

double auroc(const ScoreLevels& levels) {
  double hits = 0, others = 0, pairs = 0;
  for (const auto& [outside, inside] : levels.weight) {
    pairs += outside * (hits + inside / 2);
    hits += inside;
    others += outside;
  }
  return hits > 0 && others > 0 ? pairs / (hits * others) : kNone;
}

double best_f1_threshold(const ScoreLevels& levels) {
  double labelled = 0;
  for (const auto& level : levels.weight) labelled += level.inside;
  if (!(labelled > 0)) return kNone;
  double hits = 0, predicted = 0, best = -1, threshold = kNone;
  for (size_t l = 0; l < levels.score.size(); ++l) {
    hits += levels.weight[l].inside;
    predicted += levels.weight[l].inside + levels.weight[l].outside;
    const double f1 = 2 * hits / (predicted + labelled);
    if (f1 <= best) continue;
    best = f1;
    const bool lowest = l + 1 == levels.score.size();
    threshold = lowest ? levels.score[l] : std::midpoint(levels.score[l], levels.score[l + 1]);
  }
  return threshold;
}

}  // namespace spanlab
