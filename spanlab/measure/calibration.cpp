// Fills the bins from the lowest level up.
#include "spanlab/measure/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "spanlab/measure/scored_check.h"

namespace spanlab {

std::vector<ReliabilityBin> reliability_curve(const ScoreLevels& levels, int bins) {
  double total = 0;
  for (const auto& [outside, inside] : levels.weight) total += inside + outside;
  if (!(total > 0)) return {};
  const double full = total / bins * (1 - 1e-12);  // rounding leaves no sliver of a bin

  std::vector<ReliabilityBin> curve{{0, 0, 0}};  // sums until the end
  const auto add = [&](double score, double inside, double bars) {
    curve.back().probability += score * bars;
    curve.back().observed += inside;
    curve.back().bars += bars;
    if (curve.back().bars >= full && static_cast<int>(curve.size()) < bins) {
      curve.push_back({0, 0, 0});
    }
  };
  for (size_t l = levels.weight.size(); l-- > 0;) {
    const double inside = levels.weight[l].inside, all = inside + levels.weight[l].outside;
    double left = all;
    while (static_cast<int>(curve.size()) < bins && left > total / bins - curve.back().bars) {
      const double part = total / bins - curve.back().bars;
      add(levels.score[l], inside * part / all, part);
      left -= part;
    }
    if (left > 0) add(levels.score[l], left == all ? inside : inside * left / all, left);
  }
  if (!(curve.back().bars > 0)) curve.pop_back();
  for (ReliabilityBin& bin : curve) {
    bin.probability /= bin.bars;
    bin.observed /= bin.bars;
  }
  return curve;
}

std::vector<ReliabilityBin> reliability_curve(const ScoredWindows& scored, int bins) {
  check_scored(scored);
  if (any_nan(scored)) return {};
  const RankedBars ranked(scored);
  const std::vector<double> once(static_cast<size_t>(scored.windows), 1.0);
  return reliability_curve(ranked.weigh(once), bins);
}

double calibration_error(const std::vector<ReliabilityBin>& curve) {
  double error = 0, bars = 0;
  for (const ReliabilityBin& bin : curve) {
    error += bin.bars * std::abs(bin.probability - bin.observed);
    bars += bin.bars;
  }
  return bars > 0 ? error / bars : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace spanlab
