// The threshold without labels and the figures of the posterior, by hand.
#include "spanlab/market/bayes_ceiling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/expect_error.h"

namespace spanlab {
namespace {

const std::vector<double> kPosterior = {0.9, 0.1, 0.4, 0.6, 0.0};

Span rows(int64_t first, int64_t last) {
  return {first, last, Direction::up, SpanType::consolidation, 0};
}

TEST(BayesCeiling, ThresholdOfHighestExpectedF1) {
  // Sum 2. From the top: 1.8 / 3, 3 / 4, 3.8 / 5, 4 / 6, 4 / 7.
  EXPECT_EQ(expected_f1_threshold(kPosterior), 0.4);
  EXPECT_NEAR(bayes_ceiling(kPosterior, {}).expected_f1, 0.76, 1e-15);
  // Equal bars go together: 2 / 3.1 for the two, 2.2 / 4.1 for all.
  EXPECT_EQ(expected_f1_threshold(std::vector<double>{0.5, 0.1, 0.5}), 0.5);
  EXPECT_TRUE(std::isnan(expected_f1_threshold(std::vector<double>{0, 0})));
}

TEST(BayesCeiling, FiguresByHand) {
  const BayesCeiling c = bayes_ceiling(kPosterior, {rows(0, 1), rows(3, 3)});
  EXPECT_EQ(c.bars, 5);
  EXPECT_NEAR(c.base_rate, 0.6, 1e-15);
  // In order of the score: hit, hit, miss, hit, miss.
  EXPECT_NEAR(c.average_precision, (1 + 1 + 0.75) / 3, 1e-12);
  EXPECT_NEAR(c.precision, 2.0 / 3, 1e-15);
  EXPECT_NEAR(c.recall, 2.0 / 3, 1e-15);
  EXPECT_NEAR(c.f1, 2.0 / 3, 1e-15);
  EXPECT_NEAR(c.log_loss, -std::log(0.9 * 0.1 * 0.6 * 0.6 * 1.0) / 5, 1e-15);
}

TEST(BayesCeiling, ScoresTheRowsThatAreAskedFor) {
  const std::vector<int64_t> chosen = {3, 2, 2};
  const BayesCeiling c = bayes_ceiling(kPosterior, {rows(2, 2)}, chosen);
  EXPECT_EQ(c.bars, 3);
  EXPECT_NEAR(c.base_rate, 2.0 / 3, 1e-15);
  EXPECT_NEAR(c.average_precision, 2.0 / 3, 1e-12);
  EXPECT_EQ(c.threshold, 0.4);
  EXPECT_NEAR(c.f1, 4.0 / 5, 1e-15);
}

TEST(BayesCeiling, NoLabelledBarLeavesNoF1) {
  const BayesCeiling c = bayes_ceiling(kPosterior, {});
  EXPECT_TRUE(std::isnan(c.average_precision));
  EXPECT_TRUE(std::isnan(c.f1));
  EXPECT_TRUE(std::isnan(c.recall));
  EXPECT_EQ(c.precision, 0.0);
}

TEST(BayesCeiling, RowsAndSpansOutsideAreNamed) {
  expect_error([] { bayes_ceiling(kPosterior, {rows(3, 5)}); }, {"rows 3 to 5", "5 bars"});
  const std::vector<int64_t> beyond = {0, 5}, negative = {-1};
  expect_error([&] { bayes_ceiling(kPosterior, {}, beyond); }, {"row 5", "5 bars"});
  expect_error([&] { bayes_ceiling(kPosterior, {}, negative); }, {"row -1"});
}

}  // namespace
}  // namespace spanlab
