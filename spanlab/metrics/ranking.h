// Bars in order of their score, and the metrics that depend on this order alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/metrics/metrics.h"

namespace spanlab {

/// Weight of the bars at each distinct score, from the highest score down. L levels.
struct ScoreLevels {
  struct Weight {
    double outside, inside;  ///< of bars outside and inside spans
  };
  std::span<const double> score;  ///< [L] descending
  std::vector<Weight> weight;     ///< [L]
};

/// The bars of N windows, sorted once; weights of windows come later and cost one pass.
class RankedBars {
 public:
  /// No probability may be NaN.
  explicit RankedBars(const ScoredWindows& scored);

  /// `weight`: [N]. The levels refer to this object's scores.
  ScoreLevels weigh(std::span<const double> weight) const;
  /// Likewise, into memory that is used again.
  void weigh(std::span<const double> weight, ScoreLevels& levels) const;

 private:
  struct Place {
    uint32_t window;
    uint32_t level_and_side;  // 2 level + (0 outside, 1 inside)
  };
  std::vector<double> score_;  // [L]
  std::vector<Place> bars_;    // [N T] from the highest score down
};

/// Sum of (R_n - R_{n-1}) P_n over the levels, without interpolation, as scikit-learn's
/// average_precision_score. A random order gives the base rate. NaN without weight inside spans.
double average_precision(const ScoreLevels& levels);

/// Probability that a bar inside a span scores above one outside, ties counting half
/// (Mann-Whitney). NaN if either side has no weight.
double auroc(const ScoreLevels& levels);

/// The threshold t for which "inside where score >= t" has the highest F1; of several the highest.
/// Half way to the next lower score, so that rounding does not move a bar across it; the lowest
/// score where all bars are predicted. NaN without weight inside spans.
double best_f1_threshold(const ScoreLevels& levels);

}  // namespace spanlab
