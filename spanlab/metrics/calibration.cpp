// Fills the bins from the lowest level up.
#include "spanlab/metrics/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "spanlab/metrics/scored_check.h"

namespace spanlab {

std::vector<ReliabilityBin> reliability_curve(const ScoreLevels& levels, int bins) {
  double total = 0;
  for (const auto& [outside, inside] : levels.weight) total += inside + outside;
  const double room = total / bins;
  const double full = room * (1 - 1e-12);  // so that rounding leaves no sliver of a bin

  std::vector<ReliabilityBin> curve;
  ReliabilityBin sum{0, 0, 0};
  const auto close_bin = [&] {
    if (sum.bars > 0)
      curve.push_back({sum.probability / sum.bars, sum.observed / sum.bars, sum.bars});
    sum = {0, 0, 0};
  };
  for (size_t l = levels.weight.size(); l-- > 0;) {
    const double score = levels.score[l];
    double inside = levels.weight[l].inside, bars = inside + levels.weight[l].outside;
    // What does not fit continues into the next bin; the last one takes what rounding leaves over.
    while (sum.bars + bars > room && static_cast<int>(curve.size()) + 1 < bins) {
      const double part = room - sum.bars;
      const double part_inside = inside * (part / bars);
      sum.probability += score * part;
      sum.observed += part_inside;
      sum.bars += part;
      close_bin();
      inside -= part_inside;
      bars -= part;
    }
    sum.probability += score * bars;
    sum.observed += inside;
    sum.bars += bars;
    if (sum.bars >= full && static_cast<int>(curve.size()) + 1 < bins) close_bin();
  }
  close_bin();
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
