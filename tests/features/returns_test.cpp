// Scaled returns against closed forms.
#include "spanlab/features/returns.h"

#include <gtest/gtest.h>

#include "tests/features/recent_bars.h"

namespace spanlab {
namespace {

using test::after_closes;
using test::after_ramp;
using test::after_zigzag;

TEST(Returns, OnARampARootOfTheHorizon) {
  for (const double step : {0.5, -3.0}) {
    const ReturnFeatures f = return_features(after_ramp(200, step));
    const double sign = step > 0 ? 1 : -1;
    EXPECT_DOUBLE_EQ(f.over_1, sign);
    EXPECT_DOUBLE_EQ(f.over_3, sign * std::sqrt(3.0));
    EXPECT_DOUBLE_EQ(f.over_5, sign * std::sqrt(5.0));
    EXPECT_DOUBLE_EQ(f.over_8, sign * std::sqrt(8.0));
    EXPECT_DOUBLE_EQ(f.over_13, sign * std::sqrt(13.0));
    EXPECT_DOUBLE_EQ(f.true_range, 1.0);
  }
}

TEST(Returns, ToAndFroCancelsOverAnEvenNumberOfBars) {
  const ReturnFeatures f = return_features(after_zigzag({}));
  EXPECT_EQ(f.over_8, 0.0);
  EXPECT_DOUBLE_EQ(f.over_13, 1 / std::sqrt(13.0));
}

TEST(Returns, YoungSeriesTakesTheBarsThereAre) {
  const ReturnFeatures first = return_features(after_closes({10}));
  EXPECT_EQ(first.over_1, 0.0);
  EXPECT_EQ(first.over_13, 0.0);
  EXPECT_EQ(first.true_range, 0.0);
  const ReturnFeatures third = return_features(after_closes({10, 13, 14}));
  EXPECT_DOUBLE_EQ(third.over_1, 0.5);
  EXPECT_DOUBLE_EQ(third.over_3, 4 / (2 * std::sqrt(2.0)));
  EXPECT_DOUBLE_EQ(third.over_13, third.over_3);
}

TEST(Returns, AreClippedAtFifteen) {
  const ReturnFeatures up = return_features(after_zigzag({1100})),
                       down = return_features(after_zigzag({900}));
  EXPECT_EQ(up.over_1, 15.0);  // 99 over a scale of 218 / 120
  EXPECT_EQ(up.true_range, 15.0);
  EXPECT_EQ(down.over_1, -15.0);
  EXPECT_EQ(down.true_range, 15.0);
}

}  // namespace
}  // namespace spanlab
