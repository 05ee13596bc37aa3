// Segments of a window against each other, and detections ranked by their score.
#include "spanlab/metrics/segment_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "spanlab/metrics/detection_map.h"

namespace spanlab {
namespace {

using Segments = std::vector<BarSegment>;

TEST(SegmentsAbove, AreMaximalRuns) {
  EXPECT_EQ(segments_above(std::vector<float>{.5f, .4f, .6f, .5f, .1f, .9f}, 0.5),
            (Segments{{0, 0}, {2, 3}, {5, 5}}));
  EXPECT_EQ(segments_above(std::vector<float>{1, 1, 1}, 0.5), (Segments{{0, 2}}));
  EXPECT_TRUE(segments_above(std::vector<float>{0, 0}, 0.5).empty());
  EXPECT_TRUE(segments_above({}, 0.5).empty());
}

TEST(TemporalIou, CountsBars) {
  EXPECT_EQ(temporal_iou({2, 5}, {2, 5}), 1);
  EXPECT_EQ(temporal_iou({2, 5}, {5, 7}), 1.0 / 6);
  EXPECT_EQ(temporal_iou({2, 5}, {6, 7}), 0);  // they touch
  EXPECT_EQ(temporal_iou({0, 9}, {3, 4}), 0.2);
}

TEST(CountSegments, EachLabelledOneIsTakenOnce) {
  // eval.py of MS-TCN: two predictions on one label are one right and one wrong.
  const SegmentCounts counts = count_segments({{10, 19}}, {{10, 13}, {14, 19}});
  EXPECT_EQ(counts.right[0], 1);
  EXPECT_EQ(counts.right[1], 1);
  EXPECT_EQ(counts.right[2], 1);  // the second: the first overlaps by 40 % and takes nothing
  EXPECT_EQ(counts.predicted, 2);
  EXPECT_EQ(counts.edit, 0.5);
}

TEST(CountSegments, ThresholdsAreInclusive) {
  const SegmentCounts half = count_segments({{0, 9}}, {{0, 4}});
  EXPECT_EQ(half.right[2], 1);  // 5 of 10 bars
  const SegmentCounts less = count_segments({{0, 10}}, {{0, 4}});
  EXPECT_EQ(less.right[2], 0);
  EXPECT_EQ(less.right[1], 1);
}

TEST(CountSegments, WithoutLabelOrPrediction) {
  const SegmentCounts alone = count_segments({}, {{1, 2}, {4, 5}});
  EXPECT_EQ(alone.predicted, 2);
  EXPECT_EQ(alone.right[0], 0);
  EXPECT_EQ(alone.edit, 0);
  EXPECT_EQ(count_segments({{1, 2}}, {}).edit, 0);
  EXPECT_EQ(count_segments({}, {}).edit, 1);
}

TEST(CountSegments, HitsNeedBothEnds) {
  EXPECT_EQ(count_segments({{10, 20}}, {{7, 23}}).hits, 1);
  EXPECT_EQ(count_segments({{10, 20}}, {{6, 20}}).hits, 0);
  EXPECT_EQ(count_segments({{10, 20}}, {{10, 24}}).hits, 0);
  EXPECT_EQ(count_segments({{10, 20}}, {{1, 6}, {12, 19}}).hits, 1);
}

TEST(CountSegments, ErrorsAreThoseOfTheLargestOverlap) {
  const SegmentCounts counts = count_segments({{10, 19}, {40, 44}}, {{8, 11}, {13, 22}});
  EXPECT_EQ(counts.matched, 1);  // nothing overlaps 40..44
  EXPECT_EQ(counts.start_error, 3);
  EXPECT_EQ(counts.end_error, 3);
}

TEST(DetectSegments, TheBestFreeLabelIsTakenByScore) {
  // The stronger detection takes 0..9 although the weaker one fits it better.
  std::vector<float> p(20, 0.0f);
  for (size_t t = 0; t < 5; ++t) p[t] = 0.9f;
  for (size_t t = 6; t < 16; ++t) p[t] = 0.6f;
  const std::vector<ScoredSegment> found = detect_segments(7, {{0, 9}}, {{0, 4}, {6, 15}}, p);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].window, 7);
  EXPECT_NEAR(found[0].score, 0.9, 1e-7);
  EXPECT_NEAR(found[1].score, 0.6, 1e-7);
  EXPECT_TRUE(found[0].right[0]);   // tIoU 0.5
  EXPECT_FALSE(found[0].right[1]);  // 0.55
  EXPECT_FALSE(found[1].right[0]);
}

TEST(DetectionRanking, InterpolatesPrecision) {
  // Right at all thresholds: yes, no, yes, yes; five labelled. Precision 1, 1/2, 2/3, 3/4; the
  // third takes the better precision to its right. compute_average_precision_detection: 0.2 + 2 0.2
  // 0.75.
  std::array<bool, kTiouCount> yes, no{};
  yes.fill(true);
  const DetectionRanking ranking({{0, .9, yes}, {0, .8, no}, {0, .7, yes}, {0, .6, yes}});
  const std::vector<double> once{1};
  EXPECT_NEAR(ranking.mean_average_precision(once, 5), 0.2 + 0.4 * 0.75, 1e-12);
  EXPECT_TRUE(std::isnan(ranking.mean_average_precision(once, 0)));
  EXPECT_EQ(DetectionRanking().mean_average_precision(once, 3), 0);
}

TEST(DetectionRanking, EqualScoresEnterTogether) {
  std::array<bool, kTiouCount> yes, no{};
  yes.fill(true);
  const std::vector<double> once{1, 1};
  const DetectionRanking right_first({{0, .5, yes}, {1, .5, no}});
  const DetectionRanking wrong_first({{0, .5, no}, {1, .5, yes}});
  EXPECT_EQ(right_first.mean_average_precision(once, 1), 0.5);
  EXPECT_EQ(wrong_first.mean_average_precision(once, 1), 0.5);
}

}  // namespace
}  // namespace spanlab
