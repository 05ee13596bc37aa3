// Maximal scoring segments against their recursive definition.
#include "spanlab/labels/segments.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "spanlab/base/random.h"

namespace spanlab {
namespace {

// The definition: the best segment of [first, end), then the same on either side of it.
void add_maximal(const std::vector<double>& scores, int64_t first, int64_t end,
                 std::vector<Segment>& found) {
  Segment best{0, -1, 0.0};
  for (int64_t i = first; i < end; ++i) {
    double sum = 0.0;
    for (int64_t k = i; k < end; ++k) {
      sum += scores[static_cast<size_t>(k)];
      if (sum > best.score) best = {i, k, sum};
    }
  }
  if (best.last < best.first) return;
  add_maximal(scores, first, best.first, found);
  found.push_back(best);
  add_maximal(scores, best.last + 1, end, found);
}

void expect_maximal(const std::vector<double>& scores) {
  std::vector<Segment> expected;
  add_maximal(scores, 0, static_cast<int64_t>(scores.size()), expected);
  const std::vector<Segment> segments = maximal_segments(scores);
  ASSERT_EQ(segments.size(), expected.size());
  for (size_t k = 0; k < segments.size(); ++k) {
    EXPECT_EQ(segments[k].first, expected[k].first);
    EXPECT_EQ(segments[k].last, expected[k].last);
    EXPECT_NEAR(segments[k].score, expected[k].score, 1e-9);
  }
}

TEST(MaximalSegments, ExampleOfThePaper) {
  const std::vector<double> scores{4, -5, 3, -3, 1, 2, -2, 2, -2, 1, 5};
  const std::vector<Segment> segments = maximal_segments(scores);
  ASSERT_EQ(segments.size(), 3u);  // 4; 3; 1 2 -2 2 -2 1 5
  EXPECT_EQ(segments[0].first, 0);
  EXPECT_EQ(segments[0].last, 0);
  EXPECT_EQ(segments[1].first, 2);
  EXPECT_EQ(segments[1].last, 2);
  EXPECT_EQ(segments[2].first, 4);
  EXPECT_EQ(segments[2].last, 10);
  EXPECT_EQ(segments[2].score, 7.0);
}

TEST(MaximalSegments, NothingWithoutAPositiveScore) {
  EXPECT_TRUE(maximal_segments({}).empty());
  EXPECT_TRUE(maximal_segments(std::vector<double>{0, -1, 0, -2}).empty());
}

TEST(MaximalSegments, AllPositiveIsOneSegment) {
  const std::vector<Segment> segments = maximal_segments(std::vector<double>{1, 2, 3});
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_EQ(segments[0].last, 2);
  EXPECT_EQ(segments[0].score, 6.0);
}

TEST(MaximalSegments, EqualTheDefinitionOnRandomScores) {
  RandomStream random(1, Purpose::market);
  for (int round = 0; round < 400; ++round) {
    const double drift = random.uniform(-0.8, 0.3);
    std::vector<double> scores(1 + random.below(60));
    for (double& score : scores) score = random.normal() + drift;
    expect_maximal(scores);
  }
}

// Sequences that make the search for a lower candidate long must stay linear: a quadratic search
// would take minutes here.
TEST(MaximalSegments, LongSequencesTakeLinearTime) {
  constexpr size_t kBars = 1000000;
  std::vector<double> falling, rising;
  for (size_t i = 0; i < kBars; ++i) {
    falling.push_back(i % 2 == 0 ? 1.0 : -1.5);  // every candidate starts lower than the one before
    rising.push_back(i % 2 == 0 ? 1.5 : -1.0);   // every candidate merges with the one before
  }
  EXPECT_EQ(maximal_segments(falling).size(), kBars / 2);
  EXPECT_EQ(maximal_segments(rising).size(), 1u);
  // Falls, then recovers slowly: candidates low enough to merge lie far back.
  std::vector<double> valley(falling.begin(), falling.begin() + kBars / 2);
  for (size_t i = 0; i < kBars / 2; ++i) valley.push_back(i % 2 == 0 ? 0.9 : -0.89);
  EXPECT_FALSE(maximal_segments(valley).empty());
}

}  // namespace
}  // namespace spanlab
