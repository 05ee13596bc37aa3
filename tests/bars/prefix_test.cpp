// The first bars of a series.
#include "spanlab/bars/prefix.h"

#include <gtest/gtest.h>

#include "spanlab/market/simulate.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

TEST(Prefix, HoldsTheFirstBarsOfAllColumns) {
  Bars series = simulate_market(50, 1).bars;
  series.volume.assign(50, 2.0);
  const Bars head = prefix(series, 20);
  EXPECT_EQ(head.size(), 20);
  EXPECT_EQ(head.volume.size(), 20u);
  EXPECT_EQ(head.bar_ms, series.bar_ms);
  for (int64_t row = 0; row < 20; ++row) {
    EXPECT_EQ(head.bar(row).time_ms, series.bar(row).time_ms);
    EXPECT_EQ(head.bar(row).open, series.bar(row).open);
    EXPECT_EQ(head.bar(row).high, series.bar(row).high);
    EXPECT_EQ(head.bar(row).low, series.bar(row).low);
    EXPECT_EQ(head.bar(row).close, series.bar(row).close);
  }
}

TEST(Prefix, OfNoVolumeNoneAndOfTooManyBarsAll) {
  Bars series = simulate_market(50, 1).bars;
  series.volume.clear();
  EXPECT_TRUE(prefix(series, 20).volume.empty());
  EXPECT_EQ(prefix(series, 51).size(), 50);
  EXPECT_EQ(prefix(series, 0).size(), 0);
  expect_error([&] { prefix(series, -1); }, {"-1 bars"});
}

}  // namespace
}  // namespace spanlab
