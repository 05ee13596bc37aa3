// Signed efficiency ratio against closed forms.
#include "spanlab/features/efficiency.h"

#include <gtest/gtest.h>

#include "tests/features/recent_bars.h"

namespace spanlab {
namespace {

using test::after_closes;
using test::after_ramp;
using test::after_zigzag;

void expect_all(const EfficiencyFeatures& f, double value) {
  EXPECT_DOUBLE_EQ(f.over_5, value);
  EXPECT_DOUBLE_EQ(f.over_10, value);
  EXPECT_DOUBLE_EQ(f.over_20, value);
}

TEST(Efficiency, RampIsOneWithItsSign) {
  for (const int bars : {2, 8, 100}) {
    expect_all(efficiency_features(after_ramp(bars, 0.5)), 1.0);
    expect_all(efficiency_features(after_ramp(bars, -0.5)), -1.0);
  }
}

TEST(Efficiency, ToAndFroIsZeroOrOneStep) {
  const EfficiencyFeatures f = efficiency_features(after_zigzag({}));
  EXPECT_DOUBLE_EQ(f.over_5, 0.2);
  EXPECT_EQ(f.over_10, 0.0);
  EXPECT_EQ(f.over_20, 0.0);
}

TEST(Efficiency, IsTheChangeOverTheWay) {
  // The last five steps: 4, -1, 4, -1, 4: 10 of 14. The five before: 2 - 2 + 2 - 2 + 2 = 2 of 10.
  const EfficiencyFeatures f = efficiency_features(
      after_closes({500, 100, 102, 100, 102, 100, 102, 106, 105, 109, 108, 112}));
  EXPECT_DOUBLE_EQ(f.over_5, 10.0 / 14);
  EXPECT_DOUBLE_EQ(f.over_10, 12.0 / 24);
  EXPECT_DOUBLE_EQ(f.over_20, -388.0 / 424);
}

TEST(Efficiency, FlatMarketAndFirstBarAreZero) {
  expect_all(efficiency_features(after_ramp(50, 0.0)), 0.0);
  expect_all(efficiency_features(after_closes({3})), 0.0);
}

}  // namespace
}  // namespace spanlab
