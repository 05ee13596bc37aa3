// Precision can only peak where a detection is right, so each threshold visits those alone.
#include "spanlab/metrics/detection_map.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace spanlab {
namespace {

double mean_probability(const BarSegment& segment, std::span<const float> probability) {
  const auto bars = probability.subspan(static_cast<size_t>(segment.start),
                                        static_cast<size_t>(segment.length()));
  return std::accumulate(bars.begin(), bars.end(), 0.0) / segment.length();
}

// Takes the best free labelled segment; false if none overlaps by `threshold`.
bool take_best(const std::vector<double>& iou, double threshold, std::vector<bool>& taken) {
  size_t best = iou.size();
  for (size_t i = 0; i < iou.size(); ++i) {
    if (taken[i] || iou[i] < threshold) continue;
    if (best == iou.size() || iou[i] > iou[best]) best = i;
  }
  if (best == iou.size()) return false;
  taken[best] = true;
  return true;
}

}  // namespace

double tiou_threshold(int k) {
  return (50 + 5 * k) / 100.0;
}

std::vector<ScoredSegment> detect_segments(int window, const std::vector<BarSegment>& labelled,
                                           const std::vector<BarSegment>& predicted,
                                           std::span<const float> probability) {
  std::vector<std::pair<double, BarSegment>> ranked;
  for (const BarSegment& segment : predicted) {
    ranked.emplace_back(mean_probability(segment, probability), segment);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });

  std::array<std::vector<bool>, kTiouCount> taken;
  taken.fill(std::vector<bool>(labelled.size()));
  std::vector<ScoredSegment> detections;
  std::vector<double> iou(labelled.size());
  for (const auto& [score, segment] : ranked) {
    for (size_t i = 0; i < labelled.size(); ++i) iou[i] = temporal_iou(segment, labelled[i]);
    ScoredSegment detection{window, score, {}};
    for (size_t k = 0; k < kTiouCount; ++k) {
      detection.right[k] = take_best(iou, tiou_threshold(static_cast<int>(k)), taken[k]);
    }
    detections.push_back(detection);
  }
  return detections;
}

DetectionRanking::DetectionRanking(std::vector<ScoredSegment> detections)
    : detections_(std::move(detections)), level_end_(detections_.size()) {
  std::stable_sort(
      detections_.begin(), detections_.end(),
      [](const ScoredSegment& a, const ScoredSegment& b) { return a.score > b.score; });
  const size_t count = detections_.size();
  for (size_t i = count; i-- > 0;) {
    const bool same = i + 1 < count && detections_[i + 1].score == detections_[i].score;
    level_end_[i] = same ? level_end_[i + 1] : static_cast<int>(i) + 1;
  }
  for (size_t i = 0; i < count; ++i) {
    for (size_t k = 0; k < kTiouCount; ++k) {
      if (detections_[i].right[k]) right_[k].push_back(static_cast<int>(i));
    }
  }
}

double DetectionRanking::mean_average_precision(std::span<const double> weight,
                                                double labelled) const {
  if (!(labelled > 0)) return std::numeric_limits<double>::quiet_NaN();
  const auto weight_of = [&](int i) {
    return weight[static_cast<size_t>(detections_[static_cast<size_t>(i)].window)];
  };
  std::vector<double> before(detections_.size() + 1, 0.0);  // weight of the first i detections
  for (size_t i = 0; i < detections_.size(); ++i) {
    before[i + 1] = before[i] + weight_of(static_cast<int>(i));
  }

  double sum = 0;
  for (const std::vector<int>& right : right_) {
    double found = 0;
    for (const int i : right) found += weight_of(i);
    double best = 0, area = 0;
    int level = -1;  // where the level of the last one visited ends
    for (size_t r = right.size(); r-- > 0;) {
      const int end = level_end_[static_cast<size_t>(right[r])];
      const double predicted = before[static_cast<size_t>(end)];
      if (end != level && predicted > 0) best = std::max(best, found / predicted);
      level = end;
      area += weight_of(right[r]) * best;
      found -= weight_of(right[r]);
    }
    sum += area / labelled;
  }
  return sum / kTiouCount;
}

}  // namespace spanlab
