// Mean average precision of predicted segments over temporal IoU thresholds, as ActivityNet.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "spanlab/metrics/segment_scores.h"

namespace spanlab {

/// 0.50, 0.55 .. 0.95.
inline constexpr int kTiouCount = 10;
double tiou_threshold(int k);

/// A predicted segment.
struct ScoredSegment {
  int window;
  double score;
  std::array<bool, kTiouCount> right;  ///< it takes a labelled segment at each threshold
};

/// The detections of one window: its segments, scored by the mean probability over their bars. From
/// the highest score down each takes, at each threshold, the labelled segment of largest IoU that
/// is not yet taken and overlaps by enough (compute_average_precision_detection of ActivityNet's
/// eval_detection.py). Of equal scores the left one is first. `probability`: [T].
std::vector<ScoredSegment> detect_segments(int window, const std::vector<BarSegment>& labelled,
                                           const std::vector<BarSegment>& predicted,
                                           std::span<const float> probability);

/// The detections of all windows in order of their score; weights come later.
class DetectionRanking {
 public:
  explicit DetectionRanking(std::vector<ScoredSegment> detections = {});

  /// Interpolated average precision (precision at a recall is the best at that or any higher), mean
  /// over the thresholds. `labelled`: weight of all labelled segments. Detections of equal score
  /// enter together. NaN if `labelled` is 0. `weight`: [windows].
  double mean_average_precision(std::span<const double> weight, double labelled) const;

 private:
  std::vector<ScoredSegment> detections_;
  std::vector<int> level_end_;                      // first detection of a lower score
  std::array<std::vector<int>, kTiouCount> right_;  // those right at each threshold
};

}  // namespace spanlab
