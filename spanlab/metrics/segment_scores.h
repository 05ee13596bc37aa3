// Segments: labelled and predicted ones of a window compared.
#pragma once

#include <array>
#include <span>
#include <vector>

namespace spanlab {

/// A run of bars in a window.
struct BarSegment {
  int start, end;  ///< first and last bar, inclusive

  int length() const { return end - start + 1; }
  bool operator==(const BarSegment&) const = default;
};

/// Maximal runs of values >= threshold, from left to right. Spans that touch are one run: the bars
/// do not show where one ends. `values`: [T].
std::vector<BarSegment> segments_above(std::span<const float> values, double threshold);

/// Bars in both over bars in either, 0..1.
double temporal_iou(const BarSegment& a, const BarSegment& b);

/// Overlaps at which MS-TCN counts a predicted segment as right.
inline constexpr std::array<double, 3> kSegmentOverlaps{0.10, 0.25, 0.50};
/// Bars that both ends of a hit may be off.
inline constexpr int kHitBars = 3;

/// Counts of one window.
struct SegmentCounts {
  int labelled = 0, predicted = 0;
  std::array<int, 3> right{};  ///< predicted segments that are right at each of kSegmentOverlaps
  double edit = 0;             ///< 0..1
  int hits = 0;                ///< labelled segments with a predicted one both ends within kHitBars
  int matched = 0;             ///< labelled segments that a predicted one overlaps
  double start_error = 0;      ///< sum of |error| over the matched, bars
  double end_error = 0;        ///< likewise
};

/// Segmental F1 and edit score as eval.py of MS-TCN (Abu Farha and Gall, CVPR 2019), for one class
/// beside the background: each predicted segment, from left to right, is right if the labelled one
/// that overlaps it most does so by enough and is not yet taken. The published code fails where a
/// window has no labelled segment; here every predicted segment is wrong there, the edit score is 0
/// if there is one and 1 if there is none.
/// Start and end errors: each labelled segment against the predicted one that overlaps it most.
SegmentCounts count_segments(const std::vector<BarSegment>& labelled,
                             const std::vector<BarSegment>& predicted);

}  // namespace spanlab
