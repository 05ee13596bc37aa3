// Figures of a set of numbers, and of the bars inside and outside spans.
#include "spanlab/metrics/distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "spanlab/base/random.h"

namespace spanlab {
namespace {

void expect_all_nan(const Summary& s) {
  for (const double value : {s.mean, s.std, double{s.min}, double{s.max}, double{s.median}}) {
    EXPECT_TRUE(std::isnan(value));
  }
}

TEST(Distribution, FirstIntegers) {
  // 1..n: mean (n + 1) / 2, variance (n^2 - 1) / 12, median as the mean.
  for (int n = 1; n <= 50; ++n) {
    std::vector<float> values;
    for (int i = n; i >= 1; --i) values.push_back(static_cast<float>(i));
    const Summary s = summarize(values);
    EXPECT_DOUBLE_EQ(s.mean, (n + 1) / 2.0);
    EXPECT_NEAR(s.std, std::sqrt((n * n - 1) / 12.0), 1e-12);
    EXPECT_EQ(s.min, 1);
    EXPECT_EQ(s.max, n);
    EXPECT_EQ(s.median, static_cast<float>(n + 1) / 2);
  }
}

TEST(Distribution, AgreesWithSorting) {
  RandomStream random(3, Purpose::market);
  for (size_t n : {2u, 3u, 10u, 101u, 1000u}) {
    std::vector<float> values(n);
    for (float& value : values) value = static_cast<float>(random.below(20)) - 7;  // many ties
    const Summary s = summarize(values);
    std::sort(values.begin(), values.end());
    EXPECT_EQ(s.min, values.front());
    EXPECT_EQ(s.max, values.back());
    EXPECT_EQ(s.median, (values[(n - 1) / 2] + values[n / 2]) / 2);
  }
}

TEST(Distribution, SpreadOfLargeNumbersIsNotLost) {
  const Summary s = summarize({16777214.0f, 16777216.0f});
  EXPECT_EQ(s.mean, 16777215.0);
  EXPECT_EQ(s.std, 1.0);
}

TEST(Distribution, ConstantHasNoSpread) {
  const Summary s = summarize(std::vector<float>(7, 0.1f));
  EXPECT_EQ(s.std, 0.0);
  EXPECT_EQ(s.median, 0.1f);
}

TEST(Distribution, EmptyOrNanGivesNan) {
  expect_all_nan(summarize({}));
  expect_all_nan(summarize({1, std::numeric_limits<float>::quiet_NaN(), 2}));
}

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
