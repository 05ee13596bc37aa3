// The volatility regime against closed forms.
#include "spanlab/features/regime.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/features/recent_bars.h"

namespace spanlab {
namespace {

using test::after_ramp;
using test::after_zigzag;
using test::flat_bar;

// 200 moves of 1, then `wild` moves of `size`.
RecentBars after_a_change(int wild, double size) {
  RecentBars recent = after_zigzag({});
  for (int i = 0; i < wild; ++i) recent.push(flat_bar(1001 - (i % 2 == 0 ? size : 0)));
  return recent;
}

TEST(Regime, IsZeroWhileNothingChanges) {
  for (const int bars : {2, 15, 500}) {
    const RegimeFeatures f = regime_features(after_ramp(bars, 0.25));
    EXPECT_DOUBLE_EQ(f.volatility_10, 0.0) << bars;
    EXPECT_DOUBLE_EQ(f.volatility_30, 0.0) << bars;
  }
}

TEST(Regime, ChangeOfSizeHasAClosedForm) {
  for (const double size : {0.25, 4.0}) {
    for (int n = 1; n <= 120; ++n) {
      const RegimeFeatures f = regime_features(after_a_change(n, size));
      const auto mean = [&](int bars) {
        const int wild = std::min(n, bars);
        return (wild * size + (bars - wild)) / bars;
      };
      ASSERT_NEAR(f.volatility_10, std::log(mean(10) / mean(120)), 1e-14) << n;
      ASSERT_NEAR(f.volatility_30, std::log(mean(30) / mean(120)), 1e-14) << n;
    }
  }
}

TEST(Regime, StandstillIsClippedAndAMarketThatNeverMovedIsZero) {
  RecentBars recent = after_zigzag({});
  for (int i = 0; i < 10; ++i) recent.push(flat_bar(1001));
  EXPECT_EQ(regime_features(recent).volatility_10, -3.0);
  EXPECT_GT(regime_features(recent).volatility_30, -1.0);
  const RegimeFeatures never = regime_features(after_ramp(200, 0.0));
  EXPECT_EQ(never.volatility_10, 0.0);
  EXPECT_EQ(never.volatility_30, 0.0);
  EXPECT_EQ(never.range_10, 0.0);
}

TEST(Regime, RangeSpansTenBars) {
  EXPECT_DOUBLE_EQ(regime_features(after_ramp(200, -2.0)).range_10, 9 / std::sqrt(10.0));
  EXPECT_DOUBLE_EQ(regime_features(after_zigzag({})).range_10, 1 / std::sqrt(10.0));
  EXPECT_EQ(regime_features(after_zigzag({1200})).range_10, 15.0);
}

}  // namespace
}  // namespace spanlab
