// Figures on all windows and on every draw of the bootstrap, so that they can be paired later.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/metrics/metric_scorer.h"

namespace spanlab {

struct MetricDraws {
  MetricArray value;               ///< on all windows
  std::vector<MetricArray> draws;  ///< on each draw; empty where there is one group only, whose
                                   ///< draws are all alike
};

/// Draw k of windows with the same groups is the same for the same seed, whatever is scored. Throws
/// Error if sizes do not fit.
MetricDraws draw_metrics(const ScoredWindows& scored, double threshold, uint64_t seed, int draws);

/// a - b, draw by draw. Both must have been drawn with the same seed from the same groups.
MetricDraws difference_of(const MetricDraws& a, const MetricDraws& b);

/// Percentile intervals, [kMetricCount]; see percentile_interval().
std::vector<Interval> intervals_of(const MetricDraws& metrics);

/// Means over R repetitions of a recipe: `runs` [R], each drawn with as many draws. A draw takes R
/// repetitions with replacement and of each its own draw of groups, so the intervals hold both the
/// luck of the seed and that of the windows; for one repetition they hold the windows alone. A
/// metric that is not defined in a repetition is left out of its mean. The repetitions drawn are a
/// function of (seed, draw, R): recipes with the same numbers pair up.
MetricDraws mean_over_repetitions(std::span<const MetricDraws> runs, uint64_t seed);

}  // namespace spanlab
