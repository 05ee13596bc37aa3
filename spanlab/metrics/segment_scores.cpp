// Greedy matching from left to right; a window has few segments, so all pairs are compared.
#include "spanlab/metrics/segment_scores.h"

#include <algorithm>
#include <cstdlib>

namespace spanlab {
namespace {

struct Overlap {
  size_t other = 0;  // index of the segment that overlaps most, the first of several
  double iou = 0;    // 0: none does
};

Overlap largest_overlap(const BarSegment& segment, const std::vector<BarSegment>& others) {
  Overlap best;
  for (size_t i = 0; i < others.size(); ++i) {
    const double iou = temporal_iou(segment, others[i]);
    if (iou > best.iou) best = {i, iou};
  }
  return best;
}

// Among segments of one class the fewest insertions and deletions are the difference in number.
double edit_score(size_t labelled, size_t predicted) {
  const size_t longer = std::max(labelled, predicted);
  if (longer == 0) return 1;
  return static_cast<double>(std::min(labelled, predicted)) / static_cast<double>(longer);
}

}  // namespace

std::vector<BarSegment> segments_above(std::span<const float> values, double threshold) {
  std::vector<BarSegment> segments;
  bool inside = false;
  for (size_t t = 0; t < values.size(); ++t) {
    const int bar = static_cast<int>(t);
    const bool was_inside = inside;
    inside = values[t] >= threshold;
    if (inside && !was_inside) segments.push_back({bar, bar});
    if (inside) segments.back().end = bar;
  }
  return segments;
}

double temporal_iou(const BarSegment& a, const BarSegment& b) {
  const int both = std::max(0, std::min(a.end, b.end) - std::max(a.start, b.start) + 1);
  return static_cast<double>(both) / (a.length() + b.length() - both);
}

SegmentCounts count_segments(const std::vector<BarSegment>& labelled,
                             const std::vector<BarSegment>& predicted) {
  SegmentCounts counts;
  counts.labelled = static_cast<int>(labelled.size());
  counts.predicted = static_cast<int>(predicted.size());
  counts.edit = edit_score(labelled.size(), predicted.size());

  std::array<std::vector<bool>, kSegmentOverlaps.size()> taken;
  taken.fill(std::vector<bool>(labelled.size()));
  for (const BarSegment& segment : predicted) {
    const Overlap best = largest_overlap(segment, labelled);
    for (size_t k = 0; k < kSegmentOverlaps.size(); ++k) {
      if (best.iou < kSegmentOverlaps[k] || taken[k][best.other]) continue;
      taken[k][best.other] = true;
      ++counts.right[k];
    }
  }

  for (const BarSegment& segment : labelled) {
    counts.hits += std::any_of(predicted.begin(), predicted.end(), [&](const BarSegment& p) {
      return std::abs(p.start - segment.start) <= kHitBars &&
             std::abs(p.end - segment.end) <= kHitBars;
    });
    const Overlap best = largest_overlap(segment, predicted);
    if (!(best.iou > 0)) continue;
    ++counts.matched;
    counts.start_error += std::abs(predicted[best.other].start - segment.start);
    counts.end_error += std::abs(predicted[best.other].end - segment.end);
  }
  return counts;
}

}  // namespace spanlab
