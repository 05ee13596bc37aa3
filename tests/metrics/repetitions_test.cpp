// Means over repetitions and what they say.
#include "spanlab/metrics/metric_draws.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace spanlab {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Every metric has the value, every draw too.
MetricDraws constant(double value, size_t draws = 50) {
  MetricDraws metrics;
  metrics.value.fill(value);
  metrics.draws.assign(draws, metrics.value);
  return metrics;
}

TEST(Repetitions, MeanAndSpread) {
  const std::vector<MetricDraws> runs{constant(1), constant(2), constant(6)};
  const MetricDraws mean = mean_over_repetitions(runs, 1);
  EXPECT_DOUBLE_EQ(mean.value[0], 3);
  ASSERT_EQ(mean.draws.size(), 50u);
  // Repetitions are drawn with replacement: means of three of 1, 2, 6.
  bool below = false, above = false;
  for (const MetricArray& draw : mean.draws) {
    EXPECT_GE(draw[0], 1);
    EXPECT_LE(draw[0], 6);
    below = below || draw[0] < 3;
    above = above || draw[0] > 3;
  }
  EXPECT_TRUE(below && above);
}

TEST(Repetitions, OneHasItsOwnDraws) {
  const std::vector<MetricDraws> runs{constant(4)};
  const MetricDraws mean = mean_over_repetitions(runs, 1);
  for (const MetricArray& draw : mean.draws) EXPECT_EQ(draw[3], 4);
}

/// Metric m of draw k is first + 100 m + k, on all windows first + 100 m + 50.
MetricDraws counting(double first, size_t draws) {
  MetricDraws metrics;
  for (size_t k = 0; k <= draws; ++k) {
    MetricArray values{};
    for (size_t m = 0; m < values.size(); ++m) {
      values[m] =
          first + 100.0 * static_cast<double>(m) + (k < draws ? static_cast<double>(k) : 50.0);
    }
    if (k < draws) {
      metrics.draws.push_back(values);
    } else {
      metrics.value = values;
    }
  }
  return metrics;
}

TEST(Repetitions, EveryMetricAndDrawIsAMeanOfItsOwn) {
  const std::vector<MetricDraws> runs{counting(0, 90), counting(8000, 80)};
  const MetricDraws mean = mean_over_repetitions(runs, 1);
  ASSERT_EQ(mean.draws.size(), 80u);  // as many as all have
  std::array<int, 3> taken{};         // how many draws took the second run 0, 1 and 2 times
  for (size_t m = 0; m < kMetricCount; ++m) {
    EXPECT_DOUBLE_EQ(mean.value[m], 4050 + 100.0 * static_cast<double>(m));
    for (size_t k = 0; k < 80; ++k) {
      const double rest =
          mean.draws[k][m] - 100.0 * static_cast<double>(m) - static_cast<double>(k);
      EXPECT_DOUBLE_EQ(rest, mean.draws[k][0] - static_cast<double>(k)) << "metrics stay together";
      ASSERT_TRUE(rest == 0 || rest == 4000 || rest == 8000) << rest;
      ++taken[static_cast<size_t>(rest / 4000)];
    }
  }
  for (const int times : taken) EXPECT_GT(times, 0);
  const std::vector<MetricDraws> reversed{runs[1], runs[0]};
  EXPECT_EQ(mean_over_repetitions(reversed, 1).draws.size(), 80u);
}

TEST(Repetitions, UndefinedOnesAreLeftOut) {
  const std::vector<MetricDraws> runs{constant(2), constant(kNone), constant(4)};
  EXPECT_DOUBLE_EQ(mean_over_repetitions(runs, 1).value[0], 3);
  const std::vector<MetricDraws> nothing{constant(kNone)};
  EXPECT_TRUE(std::isnan(mean_over_repetitions(nothing, 1).value[0]));
  EXPECT_TRUE(mean_over_repetitions({}, 1).draws.empty());
}

TEST(Repetitions, SameSeedSameDraws) {
  const std::vector<MetricDraws> runs{constant(1), constant(2), constant(6)};
  EXPECT_EQ(mean_over_repetitions(runs, 7).draws, mean_over_repetitions(runs, 7).draws);
  EXPECT_NE(mean_over_repetitions(runs, 7).draws, mean_over_repetitions(runs, 8).draws);
}

TEST(Repetitions, PairsKeepADifferenceThatAllShare) {
  // The second recipe is 0.5 better in every repetition, though repetitions differ by much more.
  const std::vector<MetricDraws> differences{difference_of(constant(1.5), constant(1)),
                                             difference_of(constant(6.5), constant(6))};
  const Interval i = intervals_of(mean_over_repetitions(differences, 1))[0];
  EXPECT_DOUBLE_EQ(i.low, 0.5);
  EXPECT_DOUBLE_EQ(i.high, 0.5);
  EXPECT_EQ(verdict_of(i), Verdict::helps);
}

TEST(Verdicts, ByTheInterval) {
  EXPECT_EQ(verdict_of({0.1, 0.01, 0.2}), Verdict::helps);
  EXPECT_EQ(verdict_of({-0.1, -0.2, -0.01}), Verdict::hurts);
  EXPECT_EQ(verdict_of({0.1, -0.01, 0.2}), Verdict::no_evidence);
  EXPECT_EQ(verdict_of({0.1, 0.0, 0.2}), Verdict::no_evidence);
  EXPECT_EQ(verdict_of({0.1, kNone, kNone}), Verdict::no_evidence);
  EXPECT_EQ(verdict_of({-0.1, -0.2, 0.0}), Verdict::no_evidence);
  EXPECT_STREQ(name_of(Verdict::no_evidence), "no evidence");
  EXPECT_STREQ(name_of(Verdict::helps), "helps");
  EXPECT_STREQ(name_of(Verdict::hurts), "hurts");
}

}  // namespace
}  // namespace spanlab
