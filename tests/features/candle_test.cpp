// The shape of single bars.
#include "spanlab/features/candle.h"

#include <gtest/gtest.h>

namespace spanlab {
namespace {

void expect_shape(const Bar& bar, double open, double close, double body, double upper,
                  double lower) {
  const CandleFeatures f = candle_features(bar);
  EXPECT_DOUBLE_EQ(f.open_norm, open);
  EXPECT_DOUBLE_EQ(f.close_norm, close);
  EXPECT_DOUBLE_EQ(f.body_pct, body);
  EXPECT_DOUBLE_EQ(f.upper_wick_pct, upper);
  EXPECT_DOUBLE_EQ(f.lower_wick_pct, lower);
}

TEST(Candle, PartsOfTheRange) {
  expect_shape({0, 102, 110, 100, 107}, 0.2, 0.7, 0.5, 0.3, 0.2);
  expect_shape({0, 107, 110, 100, 102}, 0.7, 0.2, -0.5, 0.3, 0.2);
  expect_shape({0, 100, 110, 100, 110}, 0, 1, 1, 0, 0);
  expect_shape({0, 105, 110, 100, 105}, 0.5, 0.5, 0, 0.5, 0.5);
}

TEST(Candle, FlatBarIsZero) {
  expect_shape({0, 5, 5, 5, 5}, 0, 0, 0, 0, 0);
}

TEST(Candle, RangeBelowTheSmallestIsMeasuredByTheSmallest) {
  expect_shape({0, 0, 5e-7, 0, 5e-7}, 0, 0.5, 0.5, 0, 0);
}

TEST(Candle, BrokenBarStaysInItsRanges) {
  // Open and close outside high and low.
  expect_shape({0, 90, 110, 100, 120}, 0, 1, 1, 0, 0);
  expect_shape({0, 120, 100, 110, 90}, 1, 0, -1, 0, 0);
}

}  // namespace
}  // namespace spanlab
