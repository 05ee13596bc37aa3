// Probabilities inside and outside spans.
#include "spanlab/metrics/probability_stats.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace spanlab {
namespace {

TEST(ProbabilityStats, SplitsByTheMask) {
  const std::vector<float> mask{0, 1, 1, 0, 0};
  const std::vector<float> probability{0.25f, 0.5f, 1.0f, 0.0f, 0.5f};
  const ProbabilityStats s = probability_stats(probability.data(), mask.data(), 5);
  EXPECT_DOUBLE_EQ(s.in_span.mean, 0.75);
  EXPECT_DOUBLE_EQ(s.in_span.std, 0.25);
  EXPECT_EQ(s.in_span.min, 0.5f);
  EXPECT_EQ(s.in_span.max, 1.0f);
  EXPECT_EQ(s.in_span.median, 0.75f);
  EXPECT_DOUBLE_EQ(s.out_span.mean, 0.25);
  EXPECT_EQ(s.out_span.median, 0.25f);
  EXPECT_DOUBLE_EQ(s.separation, 0.5);
}

TEST(ProbabilityStats, WithoutSpansTheInsideIsNan) {
  const std::vector<float> mask{0, 0}, probability{0.5f, 0.25f};
  const ProbabilityStats s = probability_stats(probability.data(), mask.data(), 2);
  EXPECT_TRUE(std::isnan(s.in_span.mean));
  EXPECT_TRUE(std::isnan(s.separation));
  EXPECT_DOUBLE_EQ(s.out_span.mean, 0.375);
}

}  // namespace
}  // namespace spanlab
