// Cumulative sums against closed forms and against Page's recursion.
#include "spanlab/features/cusum.h"

#include <gtest/gtest.h>

#include "spanlab/base/random.h"
#include "tests/features/recent_bars.h"

namespace spanlab {
namespace {

using test::after_ramp;
using test::after_zigzag;
using test::flat_bar;

TEST(Cusum, RampAddsUpForFifteenBars) {
  for (const int bars : {2, 8, 16, 17, 200}) {
    const double sum = std::min(bars - 1, 15) * 0.4;
    const CusumFeatures up = cusum_features(after_ramp(bars, 2.0)),
                        down = cusum_features(after_ramp(bars, -2.0));
    EXPECT_NEAR(up.up, sum, 1e-14) << bars;
    EXPECT_EQ(up.down, 0.0);
    EXPECT_NEAR(down.down, sum, 1e-14) << bars;
    EXPECT_EQ(down.up, 0.0);
  }
}

TEST(Cusum, ToAndFroIsOneStepAtMost) {
  const CusumFeatures f = cusum_features(after_zigzag({}));  // the last step is upward
  EXPECT_NEAR(f.up, 0.4, 1e-15);
  EXPECT_EQ(f.down, 0.0);
}

TEST(Cusum, IsClippedAtFifteen) {
  EXPECT_EQ(cusum_features(after_zigzag({1100})).up, 15.0);
  EXPECT_EQ(cusum_features(after_zigzag({900})).down, 15.0);
}

TEST(Cusum, FlatMarketIsZero) {
  const CusumFeatures f = cusum_features(after_ramp(200, 0.0));
  EXPECT_EQ(f.up, 0.0);
  EXPECT_EQ(f.down, 0.0);
}

TEST(Cusum, IsPagesRecursionBegunFifteenBarsAgo) {
  RandomStream random(3, Purpose::market);
  RecentBars recent = after_zigzag({});
  double price = 1001;
  for (int bar = 0; bar < 300; ++bar) {
    recent.push(flat_bar(price += random.normal()));
    double up = 0.0, down = 0.0;  // S = max(0, S + step - 0.6), from 0
    for (int age = 14; age >= 0; --age) {
      const double step = recent.return_ago(age) / recent.scale();
      up = std::max(0.0, up + step - 0.6);
      down = std::max(0.0, down - step - 0.6);
    }
    const CusumFeatures f = cusum_features(recent);
    ASSERT_NEAR(f.up, up, 1e-12) << bar;
    ASSERT_NEAR(f.down, down, 1e-12) << bar;
  }
}

}  // namespace
}  // namespace spanlab
