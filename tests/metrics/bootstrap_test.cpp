// Draws of groups and the intervals made of them.
#include "spanlab/metrics/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "scored_cases.h"
#include "spanlab/base/error.h"

namespace spanlab {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(GroupBootstrap, DrawsAsManyGroupsAsThereAre) {
  const std::vector<int> group{7, -2, 7, 9, 9, 9, 4};
  const std::vector<double> size{2, 1, 2, 3, 3, 3, 1};
  const GroupBootstrap bootstrap(group, 5);
  EXPECT_EQ(bootstrap.groups(), 4);
  for (int draw = 0; draw < 50; ++draw) {
    const std::vector<double> weight = bootstrap.weights(draw);
    ASSERT_EQ(weight.size(), group.size());
    EXPECT_EQ(weight[0], weight[2]);  // one group
    EXPECT_EQ(weight[3], weight[4]);
    EXPECT_EQ(weight[3], weight[5]);
    double groups = 0;
    for (size_t i = 0; i < group.size(); ++i) groups += weight[i] / size[i];
    EXPECT_NEAR(groups, 4, 1e-12);
  }
}

TEST(GroupBootstrap, EachGroupCountsOnceOnAverageAsAPoissonNearly) {
  std::vector<int> group(50);
  std::iota(group.begin(), group.end(), 0);
  const GroupBootstrap bootstrap(group, 6);
  double sum = 0, squares = 0, absent = 0;
  constexpr int kDraws = 2000;
  for (int draw = 0; draw < kDraws; ++draw) {
    const double weight = bootstrap.weights(draw)[13];
    sum += weight;
    squares += weight * weight;
    absent += weight == 0;
  }
  EXPECT_NEAR(sum / kDraws, 1, 0.1);  // four standard errors
  EXPECT_NEAR(squares / kDraws - 1, 1 - 1.0 / 50, 0.2);
  EXPECT_NEAR(absent / kDraws, std::pow(1 - 1.0 / 50, 50), 0.045);
}

TEST(GroupBootstrap, ADrawIsAFunctionOfSeedAndNumber) {
  const std::vector<int> group{0, 1, 2, 3, 4, 5, 6, 7};
  const GroupBootstrap a(group, 1), again(group, 1), other(group, 2);
  EXPECT_EQ(a.weights(17), again.weights(17));
  EXPECT_NE(a.weights(17), a.weights(18));
  EXPECT_NE(a.weights(17), other.weights(17));
}

TEST(PercentileInterval, TakesLinearQuantiles) {
  std::vector<double> draws(101);
  std::iota(draws.rbegin(), draws.rend(), 0.0);
  const Interval interval = percentile_interval(40, draws);
  EXPECT_EQ(interval.value, 40);
  EXPECT_NEAR(interval.low, 2.5, 1e-12);  // numpy.percentile(range(101), [2.5, 97.5])
  EXPECT_NEAR(interval.high, 97.5, 1e-12);
}

TEST(PercentileInterval, LeavesOutWhatIsNotDefined) {
  const Interval some = percentile_interval(1, {kNan, 2, kNan, 2});
  EXPECT_EQ(some.low, 2);
  EXPECT_EQ(some.high, 2);
  EXPECT_TRUE(std::isnan(percentile_interval(1, {kNan}).low));
  EXPECT_TRUE(std::isnan(percentile_interval(kNan, {1, 2}).high));
}

TEST(MetricIntervals, HoldTheValueAndRepeat) {
  const ScoredCase scored = random_case(60, 40, 20);
  const std::vector<Interval> a = metric_intervals(scored.view(), 0.3, 9, 400);
  const std::vector<Interval> b = metric_intervals(scored.view(), 0.3, 9, 400);
  const std::vector<double> values = metric_values(scored.view(), 0.3);
  for (size_t m = 0; m < kMetricCount; ++m) {
    const auto name = metric_table()[m].name;
    EXPECT_EQ(a[m].value, values[m]) << name;
    EXPECT_LT(a[m].low, a[m].value) << name;
    EXPECT_GT(a[m].high, a[m].value) << name;
    EXPECT_EQ(a[m].low, b[m].low) << name;
    EXPECT_EQ(a[m].high, b[m].high) << name;
  }
}

// Recall over windows of one labelled bar each is a mean: its bootstrap error is known.
TEST(MetricIntervals, HaveTheWidthOfAMean) {
  ScoredCase scored{200, 1, {}, {}, {}};
  for (int w = 0; w < 200; ++w) {
    scored.probability.push_back(w % 4 == 0 ? 0.9f : 0.1f);
    scored.mask.push_back(1);
    scored.group.push_back(w);
  }
  const Interval recall =
      metric_intervals(scored.view(), 0.5, 3, 4000)[static_cast<size_t>(Metric::recall)];
  const double half = 1.96 * std::sqrt(0.25 * 0.75 / 200);
  EXPECT_EQ(recall.value, 0.25);
  EXPECT_NEAR(recall.low, 0.25 - half, 0.006);
  EXPECT_NEAR(recall.high, 0.25 + half, 0.006);
}

TEST(MetricIntervals, WindowsOfOneGroupAreOneObservation) {
  ScoredCase scored = random_case(12, 30, 21);
  scored.group.assign(12, 5);
  const std::vector<Interval> one = metric_intervals(scored.view(), 0.3, 1, 50);
  EXPECT_FALSE(std::isnan(one[0].value));
  EXPECT_TRUE(std::isnan(one[0].low) && std::isnan(one[0].high));
}

TEST(MetricDifferences, AgainstItselfIsNothing) {
  const ScoredCase scored = random_case(30, 30, 22);
  for (const Interval& i : metric_differences(scored.view(), 0.3, scored.view(), 0.3, 1, 100)) {
    EXPECT_EQ(i.value, 0);
    EXPECT_EQ(i.low, 0);
    EXPECT_EQ(i.high, 0);
  }
}

TEST(MetricDifferences, PairsAreSurerThanTheirParts) {
  const ScoredCase a = random_case(45, 40, 23);
  ScoredCase b = a;
  RandomStream random(24, Purpose::market);
  for (float& p : b.probability) p = static_cast<float>(p * random.uniform(0.97, 1.0));
  const std::vector<Interval> alone = metric_intervals(a.view(), 0.3, 1, 300);
  const std::vector<Interval> pair = metric_differences(a.view(), 0.3, b.view(), 0.3, 1, 300);
  const std::vector<Interval> back = metric_differences(b.view(), 0.3, a.view(), 0.3, 1, 300);
  for (const Metric metric : {Metric::average_precision, Metric::auroc, Metric::log_loss}) {
    const auto m = static_cast<size_t>(metric);
    EXPECT_LT(pair[m].high - pair[m].low, 0.2 * (alone[m].high - alone[m].low));
    EXPECT_NEAR(pair[m].low, -back[m].high, 1e-12);
    EXPECT_EQ(pair[m].value, -back[m].value);
    const double of_b = metric_intervals(b.view(), 0.3, 1, 300)[m].value;
    EXPECT_NEAR(pair[m].value, alone[m].value - of_b, 1e-12);  // the first less the second
  }
}

TEST(MetricDifferences, OtherWindowsAreAnError) {
  const ScoredCase a = random_case(9, 20, 25);
  ScoredCase labels = a, groups = a;
  labels.mask[3] = 1 - labels.mask[3];
  groups.group[0] = 8;
  for (const ScoredCase& b : {labels, groups, random_case(8, 20, 25)}) {
    EXPECT_THROW(metric_differences(a.view(), 0.3, b.view(), 0.3, 1, 10), Error);
  }
}

}  // namespace
}  // namespace spanlab
