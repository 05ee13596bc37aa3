// What the second set remembers: scale, true range, how far back it reaches.
#include "spanlab/features/recent_bars.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/features/recent_bars.h"

namespace spanlab {
namespace {

using test::after_closes;
using test::after_ramp;
using test::flat_bar;

TEST(RecentBars, ScaleIsTheMeanMoveOfAsManyBarsAsThereAre) {
  EXPECT_EQ(after_closes({10}).scale(), 0.0);
  EXPECT_EQ(after_closes({10, 13}).scale(), 3.0);
  EXPECT_EQ(after_closes({10, 13, 12}).scale(), 2.0);
  EXPECT_EQ(after_closes({10, 13, 12, 12}).scale(), 4.0 / 3.0);
}

TEST(RecentBars, ScaleForgetsAfter120Returns) {
  RecentBars recent = after_closes({0, 121});
  for (int i = 1; i < 120; ++i) {
    recent.push(flat_bar(121 + i));  // i moves of 1
    ASSERT_DOUBLE_EQ(recent.scale(), (121.0 + i) / (1 + i));
  }
  recent.push(flat_bar(241));
  EXPECT_EQ(recent.scale(), 1.0);
}

TEST(RecentBars, AJumpThatHasLeftLeavesNothing) {
  RecentBars recent = after_closes({0.1, 1e12, 0.1});
  for (int i = 0; i < 119; ++i) recent.push(flat_bar(0.1));
  EXPECT_GT(recent.scale(), 0.0);
  recent.push(flat_bar(0.1));
  EXPECT_EQ(recent.scale(), 0.0);
}

TEST(RecentBars, TrueRangeCountsTheJump) {
  RecentBars recent;
  recent.push({0, 100, 104, 99, 100});
  EXPECT_EQ(recent.true_range(), 5.0);  // no close before
  recent.push({0, 110, 112, 109, 111});
  EXPECT_EQ(recent.true_range(), 12.0);
  recent.push({0, 100, 101, 99, 100});
  EXPECT_EQ(recent.true_range(), 12.0);
  recent.push({0, 100, 104, 97, 100});
  EXPECT_EQ(recent.true_range(), 7.0);
}

TEST(RecentBars, LooksBackAsFarAsItCan) {
  const RecentBars young = after_ramp(4, 2.0), old = after_ramp(90, 2.0);
  EXPECT_EQ(young.reach(13), 3);
  EXPECT_EQ(young.change(13), 6.0);
  EXPECT_EQ(old.reach(13), 13);
  EXPECT_EQ(old.change(13), 26.0);
  EXPECT_EQ(old.change(20), 40.0);
  EXPECT_EQ(young.highest(60) - young.lowest(60), 6.0);
  EXPECT_EQ(old.highest(60) - old.lowest(60), 118.0);
  EXPECT_EQ(young.return_ago(2), 2.0);
  EXPECT_EQ(young.return_ago(3), 0.0);
  EXPECT_EQ(old.return_ago(19), 2.0);
}

TEST(InUnits, DividesAndClips) {
  EXPECT_EQ(in_units(3, 2), 1.5);
  EXPECT_EQ(in_units(100, 2), 15.0);
  EXPECT_EQ(in_units(-100, 2), -15.0);
  EXPECT_EQ(in_units(-3, 2, 1.0), -1.0);
}

TEST(InUnits, IsZeroWithoutAUnit) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(in_units(3, 0), 0.0);
  EXPECT_EQ(in_units(0, 0), 0.0);
  EXPECT_EQ(in_units(3, -1), 0.0);
  EXPECT_EQ(in_units(kInfinity, kInfinity), 0.0);
  EXPECT_EQ(in_units(3, kInfinity), 0.0);
  EXPECT_EQ(in_units(kInfinity, 1), 15.0);
}

}  // namespace
}  // namespace spanlab
