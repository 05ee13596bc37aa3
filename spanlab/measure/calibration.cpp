// Fills the bins from the lowest level up.
#include "spanlab/measure/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "spanlab/measure/scored_check.h"

namespace spanlab {

std::vector<ReliabilityBin> reliability_curve(const ScoreLevels& levels, int bins) {
  double total = 0;
  for (size_t l = 0; l < levels.inside.size(); ++l) total += levels.inside[l] + levels.outside[l];
  if (!(total > 0)) return {};
  const double room = total / bins;

  std::vector<ReliabilityBin> curve{{0, 0, 0}};  // sums until the end
  for (size_t l = levels.inside.size(); l-- > 0;) {
    double left = levels.inside[l] + levels.outside[l];
    if (!(left > 0)) continue;
    const double share = levels.inside[l] / left;
    while (left > 0) {
      const bool last = static_cast<int>(curve.size()) == bins;
      // The last bin takes what rounding leaves over.
      const double part = last ? left : std::min(left, room - curve.back().bars);
      curve.back().probability += part * levels.score[l];
      curve.back().observed += part * share;
      curve.back().bars += part;
      left -= part;
      if (!last && curve.back().bars >= room * (1 - 1e-12)) curve.push_back({0, 0, 0});
    }
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
