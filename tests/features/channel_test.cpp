// Place in the recent range against closed forms.
#include "spanlab/features/channel.h"

#include <gtest/gtest.h>

#include "tests/features/recent_bars.h"

namespace spanlab {
namespace {

using test::after_closes;
using test::after_ramp;
using test::flat_bar;

TEST(Channel, NewExtremesAreTheEdges) {
  const ChannelFeatures up = channel_features(after_ramp(100, 1.0)),
                        down = channel_features(after_ramp(100, -1.0));
  for (const double value : {up.over_10, up.over_30, up.over_60}) EXPECT_EQ(value, 1.0);
  for (const double value : {down.over_10, down.over_30, down.over_60}) EXPECT_EQ(value, -1.0);
}

TEST(Channel, SeesHighAndLowOfTheBarsInIt) {
  RecentBars recent = after_closes({500});  // leaves the longest channel with the 60th bar after it
  recent.push({0, 100, 180, 100, 100});     // 60 bars: 100 .. 180
  for (int i = 0; i < 29; ++i) recent.push(flat_bar(120));
  recent.push({0, 120, 120, 80, 120});  // 30 bars: 80 .. 140
  for (int i = 0; i < 19; ++i) recent.push(flat_bar(120));
  recent.push({0, 120, 140, 110, 120});  // 10 bars: 110 .. 140
  for (int i = 0; i < 9; ++i) recent.push(flat_bar(120));
  const ChannelFeatures f = channel_features(recent);
  EXPECT_DOUBLE_EQ(f.over_10, -1.0 / 3);  // (10 - 20) / 30
  EXPECT_DOUBLE_EQ(f.over_30, 1.0 / 3);   // (40 - 20) / 60
  EXPECT_DOUBLE_EQ(f.over_60, -0.2);      // (40 - 60) / 100
}

TEST(Channel, WithoutARangeIsZero) {
  const ChannelFeatures f = channel_features(after_ramp(100, 0.0));
  for (const double value : {f.over_10, f.over_30, f.over_60}) EXPECT_EQ(value, 0.0);
}

}  // namespace
}  // namespace spanlab
