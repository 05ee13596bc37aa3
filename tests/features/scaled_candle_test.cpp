// Body and wicks in units of the scale.
#include "spanlab/features/scaled_candle.h"

#include <gtest/gtest.h>

#include "tests/features/recent_bars.h"

namespace spanlab {
namespace {

using test::after_closes;
using test::after_ramp;
using test::after_zigzag;

// A bar that closes 1 below the last close, 1001, so that the scale stays 1.
ScaledCandleFeatures after(double open, double high, double low) {
  RecentBars recent = after_zigzag({});
  recent.push({0, open, high, low, 1000});
  return scaled_candle_features(recent);
}

TEST(ScaledCandle, IsInUnitsOfTheScale) {
  const ScaledCandleFeatures down = after(1002, 1005, 999.5);
  EXPECT_DOUBLE_EQ(down.body, -2.0);
  EXPECT_DOUBLE_EQ(down.upper_wick, 3.0);
  EXPECT_DOUBLE_EQ(down.lower_wick, 0.5);
  const ScaledCandleFeatures up = after(998, 1001, 994);
  EXPECT_DOUBLE_EQ(up.body, 2.0);
  EXPECT_DOUBLE_EQ(up.upper_wick, 1.0);
  EXPECT_DOUBLE_EQ(up.lower_wick, 4.0);
}

TEST(ScaledCandle, IsClippedAtFifteen) {
  EXPECT_EQ(after(1100, 1200, 900).body, -15.0);
  EXPECT_EQ(after(900, 1200, 800).body, 15.0);
  EXPECT_EQ(after(1100, 1200, 900).upper_wick, 15.0);
  EXPECT_EQ(after(1100, 1200, 900).lower_wick, 15.0);
}

TEST(ScaledCandle, OpenOutsideHighAndLowGivesNoNegativeWick) {
  const ScaledCandleFeatures f = after(1003, 1001, 1002);
  EXPECT_EQ(f.upper_wick, 0.0);
  EXPECT_EQ(f.lower_wick, 0.0);
}

TEST(ScaledCandle, WithoutAScaleIsZero) {
  RecentBars recent;
  recent.push({0, 10, 14, 9, 12});
  const ScaledCandleFeatures first = scaled_candle_features(recent);
  EXPECT_EQ(first.body, 0.0);
  EXPECT_EQ(first.upper_wick, 0.0);
  EXPECT_EQ(first.lower_wick, 0.0);
  EXPECT_EQ(scaled_candle_features(after_ramp(200, 0.0)).body, 0.0);
}

}  // namespace
}  // namespace spanlab
