// Range average and ATR against closed forms.
#include "spanlab/features/volatility.h"

#include <gtest/gtest.h>

#include <cmath>

namespace spanlab {
namespace {

Bar bar_of_range(double range) {
  return {0, 100, 100 + range, 100, 100};
}
Bar flat(double price) {
  return {0, price, price, price, price};
}

TEST(RangeAverage, ConstantRangeIsOne) {
  RangeAverage average;
  for (int i = 0; i < 50; ++i) EXPECT_DOUBLE_EQ(average.push(bar_of_range(2.5)), 1.0);
}

TEST(RangeAverage, StepHasAClosedForm) {
  // After m bars of range 1 and n of range 2, the average is 2 - (19/21)^n.
  RangeAverage average;
  for (int i = 0; i < 7; ++i) average.push(bar_of_range(1));
  for (int n = 1; n < 60; ++n) {
    EXPECT_NEAR(average.push(bar_of_range(2)), 2 / (2 - std::pow(19.0 / 21, n)), 1e-14);
  }
}

TEST(RangeAverage, FirstMoveAfterCalmIsClipped) {
  RangeAverage average;
  for (int i = 0; i < 30; ++i) EXPECT_EQ(average.push(flat(100)), 0.0);
  EXPECT_EQ(average.push(bar_of_range(1)), 3.0);
}

TEST(AverageTrueRange, FirstBarHasNone) {
  AverageTrueRange atr;
  EXPECT_EQ(atr.push(bar_of_range(50)), 0.0);
  EXPECT_DOUBLE_EQ(atr.push(bar_of_range(4)), 4.0);
}

TEST(AverageTrueRange, IsTheMeanOfTheLastTen) {
  AverageTrueRange atr;
  atr.push(bar_of_range(1000));
  for (int i = 1; i <= 40; ++i) {
    const int n = std::min(i, 10);  // true ranges 1, 2, ..., i: mean of the last n
    EXPECT_DOUBLE_EQ(atr.push(bar_of_range(i)), i - (n - 1) / 2.0);
  }
}

TEST(AverageTrueRange, CountsTheJumpFromThePreviousClose) {
  AverageTrueRange atr;
  atr.push(flat(100));
  EXPECT_DOUBLE_EQ(atr.push({0, 110, 112, 109, 111}), 12.0);            // up: high - close
  EXPECT_DOUBLE_EQ(atr.push({0, 101, 102, 99, 100}), (12.0 + 12) / 2);  // down: close - low
}

TEST(AverageTrueRange, IsExactlyZeroAgainAfterALargeBarHasLeft) {
  AverageTrueRange atr;
  atr.push(flat(0.1));
  atr.push({0, 0.1, 1e9, 0.1, 0.1});
  for (int i = 0; i < 9; ++i) EXPECT_GT(atr.push(flat(0.1)), 0.0);
  EXPECT_EQ(atr.push(flat(0.1)), 0.0);
}

}  // namespace
}  // namespace spanlab
