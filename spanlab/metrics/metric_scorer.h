// All metrics of scored windows for any weights; what does not depend on the weights is computed
// once.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "spanlab/metrics/detection_map.h"
#include "spanlab/metrics/metrics.h"
#include "spanlab/metrics/ranking.h"
#include "spanlab/metrics/window_sums.h"

namespace spanlab {

/// One value a metric, in the order of the enum.
using MetricArray = std::array<double, kMetricCount>;

/// Sorts the bars and matches the segments at construction; values() is then one pass over the
/// bars. Copies what it needs.
class MetricScorer {
 public:
  /// A bar is predicted where its probability is >= `threshold`. Throws Error if the sizes do not
  /// fit.
  MetricScorer(const ScoredWindows& scored, double threshold);

  /// `weight`: [N], none negative: how often each window counts. Not for two threads at a time: it
  /// uses its working memory again.
  MetricArray values(std::span<const double> weight);

  int windows() const { return windows_; }

 private:
  int windows_;
  bool in_unit_ = true;  // all within 0..1; otherwise they are scores, which can only be ranked
  std::vector<WindowSums> sums_;  // [N]; none if nothing can be measured
  RankedBars bars_;
  ScoreLevels levels_;  // working memory
  DetectionRanking detections_;
};

}  // namespace spanlab
