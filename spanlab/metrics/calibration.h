// Whether probabilities are right on average: bars in bins of equal mass.
#pragma once

#include <vector>

#include "spanlab/metrics/metrics.h"
#include "spanlab/metrics/ranking.h"

namespace spanlab {

/// Bars of similar probability.
struct ReliabilityBin {
  double probability;  ///< their mean probability
  double observed;     ///< their share inside spans
  double bars;         ///< how many; not whole where a bar is shared between bins
};

/// Bins of equal mass, from low to high probability: where spans are rare, bins of equal width
/// would put nearly every bar into one. Bars of equal probability that a limit between bins cuts
/// are shared out with the same part of inside and outside, so their order does not matter.
/// Empty if there is no weight. `bins` >= 1.
std::vector<ReliabilityBin> reliability_curve(const ScoreLevels& levels, int bins = 10);

/// Likewise, every window once. Throws Error if the sizes do not fit; empty if a probability is
/// NaN.
std::vector<ReliabilityBin> reliability_curve(const ScoredWindows& scored, int bins = 10);

/// Expected calibration error: mean |probability - observed| over the bins, weighted by bars
/// (Naeini et al., AAAI 2015, with bins of equal mass). NaN if there is none.
double calibration_error(const std::vector<ReliabilityBin>& curve);

}  // namespace spanlab
