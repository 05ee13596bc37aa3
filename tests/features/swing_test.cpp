// The zigzag on hand-made bars, followed bar by bar. The ATR is 10 throughout unless said, so a
// close 12 back or a far end 5 back confirms.
#include "spanlab/features/swing.h"

#include <gtest/gtest.h>

#include <cmath>

namespace spanlab {
namespace {

constexpr int kWindow = 100;
constexpr double kAtr = 10.0;

Bar bar(double high, double low, double close) {
  return {0, close, high, low, close};
}
Bar flat(double price) {
  return bar(price, price, price);
}

// A zigzag in an up trend whose extreme and candidate are 1040 at bar 1.
Zigzag risen() {
  Zigzag zigzag(kWindow);
  zigzag.push(flat(1000), kAtr);
  zigzag.push(flat(1040), kAtr);
  return zigzag;
}

TEST(Zigzag, HasNoTrendAndNoSwingWhileTheAtrIsZero) {
  Zigzag zigzag(kWindow);
  for (int i = 0; i < 20; ++i) {
    const SwingFeatures f = zigzag.push(bar(1000 + i, 900 - i, 950), 0.0);
    EXPECT_EQ(f.trend, 0.0);
    EXPECT_EQ(f.dist_to_prev_high, 0.0);
    EXPECT_EQ(f.dist_to_prev_low, 0.0);
    EXPECT_EQ(f.bars_since_high, 0.0);
    EXPECT_EQ(f.bars_since_low, 0.0);
  }
}

TEST(Zigzag, FirstMovingBarSetsTheTrendAndNothingElse) {
  Zigzag zigzag(kWindow);
  // Its high is 90 above its close: enough to confirm, if this bar could confirm or be an extreme.
  EXPECT_EQ(zigzag.push(bar(1100, 1000, 1010), kAtr).trend, 1.0);
  // The extreme is its close, 1010, and there is no candidate yet: this bar sets it (1003) and
  // leaves it by 4 only. Had 1100 counted, both ways would confirm here.
  EXPECT_EQ(zigzag.push(bar(1003, 999, 999), kAtr).trend, 1.0);
  // 12 below the first close: confirmed, at bar 0 and its close.
  const SwingFeatures f = zigzag.push(bar(999, 998, 998), kAtr);
  EXPECT_EQ(f.trend, -1.0);
  EXPECT_DOUBLE_EQ(f.dist_to_prev_high, 1.2);
  EXPECT_DOUBLE_EQ(f.bars_since_high, 0.02);
}

TEST(Zigzag, CloseBackByTwelveTenthsOfTheAtrConfirmsAnOldHigh) {
  Zigzag zigzag = risen();
  for (int i = 2; i <= 6; ++i) EXPECT_EQ(zigzag.push(flat(1038), kAtr).trend, 1.0);
  // The candidate is 6 bars old: 11.5 back is not enough, 12 is.
  EXPECT_EQ(zigzag.push(flat(1028.5), kAtr).trend, 1.0);
  const SwingFeatures f = zigzag.push(flat(1028), kAtr);
  EXPECT_EQ(f.trend, -1.0);
  EXPECT_DOUBLE_EQ(f.dist_to_prev_high, 1.2);
  EXPECT_DOUBLE_EQ(f.bars_since_high, 7.0 / kWindow);
  EXPECT_EQ(f.bars_since_low, 0.0);
}

TEST(Zigzag, LowOfAFreshCandidateConfirmsUpToFiveBarsLater) {
  for (const int age : {1, 5, 6}) {
    Zigzag zigzag = risen();
    for (int i = 1; i < age; ++i) zigzag.push(flat(1038), kAtr);
    const SwingFeatures f = zigzag.push(bar(1039, 1035, 1039), kAtr);
    EXPECT_EQ(f.trend, age <= 5 ? -1.0 : 1.0) << age;
    EXPECT_DOUBLE_EQ(f.bars_since_high, age <= 5 ? age / 100.0 : 0.0) << age;
  }
  Zigzag zigzag = risen();
  EXPECT_EQ(zigzag.push(bar(1039, 1035.25, 1039), kAtr).trend, 1.0);  // 4.75 back
}

TEST(Zigzag, HighOfTheBarThatTurnsUpIsTheFirstExtreme) {
  Zigzag zigzag = risen();
  EXPECT_EQ(zigzag.push(flat(1028), kAtr).trend, -1.0);
  EXPECT_EQ(zigzag.push(bar(1060, 1030, 1040), kAtr).trend, 1.0);  // 12 above 1028
  const SwingFeatures f = zigzag.push(flat(1048), kAtr);           // 12 below 1060
  EXPECT_EQ(f.trend, -1.0);
  EXPECT_DOUBLE_EQ(f.dist_to_prev_high, 1.2);
  EXPECT_DOUBLE_EQ(f.bars_since_high, 0.01);
}

TEST(Zigzag, OneBarCanSetTheExtremeAndConfirmIt) {
  Zigzag zigzag = risen();
  const SwingFeatures f = zigzag.push(bar(1060, 1030, 1055), kAtr);
  EXPECT_EQ(f.trend, -1.0);
  EXPECT_DOUBLE_EQ(f.dist_to_prev_high, 0.5);
  EXPECT_EQ(f.bars_since_high, 0.0);
}

TEST(Zigzag, TurnStartsFromTheConfirmingBarsOtherEnd) {
  Zigzag zigzag = risen();
  zigzag.push(bar(1039, 1030, 1031), kAtr);  // bar 2 confirms the high; the low starts at 1030
  // 4 above 1030: nothing. Then a lower low, at bar 4, and 5 above that.
  EXPECT_EQ(zigzag.push(bar(1034, 1032, 1033), kAtr).trend, -1.0);
  EXPECT_EQ(zigzag.push(bar(1024, 1020, 1022), kAtr).trend, -1.0);
  const SwingFeatures f = zigzag.push(bar(1025, 1021, 1023), kAtr);
  EXPECT_EQ(f.trend, 1.0);
  EXPECT_DOUBLE_EQ(f.dist_to_prev_low, 0.3);
  EXPECT_DOUBLE_EQ(f.bars_since_low, 1.0 / kWindow);
  EXPECT_DOUBLE_EQ(f.dist_to_prev_high, 1.7);
  EXPECT_DOUBLE_EQ(f.bars_since_high, 4.0 / kWindow);
}

TEST(Zigzag, CloseAboveAnOldLowConfirmsIt) {
  Zigzag zigzag = risen();
  zigzag.push(flat(1030), kAtr);  // bar 2: high confirmed, low starts at 1030
  for (int i = 3; i <= 7; ++i) EXPECT_EQ(zigzag.push(flat(1032), kAtr).trend, -1.0);
  EXPECT_EQ(zigzag.push(flat(1041.5), kAtr).trend, -1.0);
  const SwingFeatures f = zigzag.push(flat(1042), kAtr);
  EXPECT_EQ(f.trend, 1.0);
  EXPECT_DOUBLE_EQ(f.dist_to_prev_low, 1.2);
  EXPECT_DOUBLE_EQ(f.bars_since_low, 7.0 / kWindow);
}

TEST(Zigzag, AtrOfZeroConfirmsNothingAndCountsAsATinyUnit) {
  Zigzag zigzag = risen();
  EXPECT_EQ(zigzag.push(flat(900), 0.0).trend, 1.0);
  zigzag = risen();
  zigzag.push(flat(1030), kAtr);
  EXPECT_EQ(zigzag.push(flat(1030), 0.0).dist_to_prev_high, 3.0);
  EXPECT_EQ(zigzag.push(flat(1050), 0.0).dist_to_prev_high, -3.0);
  EXPECT_EQ(zigzag.push(flat(1040), 0.0).dist_to_prev_high, 0.0);
}

TEST(Zigzag, ConfirmedSwingStaysAndItsAgeIsClippedAtThreeWindows) {
  Zigzag zigzag = risen();
  zigzag.push(flat(1030), kAtr);
  for (int i = 3; i <= 400; ++i) {
    const SwingFeatures f = zigzag.push(flat(1030 - 0.25 * i), kAtr);  // falls on: no low
    EXPECT_DOUBLE_EQ(f.bars_since_high, std::min((i - 1.0) / kWindow, 3.0));
    EXPECT_DOUBLE_EQ(f.dist_to_prev_high, std::min((10 + 0.25 * i) / kAtr, 3.0));
    EXPECT_EQ(f.bars_since_low, 0.0);
  }
}

}  // namespace
}  // namespace spanlab
