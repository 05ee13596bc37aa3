// The first bars of a series.
#include "spanlab/bars/bars.h"

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

/// Rows 0 .. 9, a minute each; an hour is missing before row 4.
Bars with_a_gap() {
  Bars series;
  series.bar_ms = 60'000;
  for (int64_t row = 0; row < 10; ++row) {
    series.time_ms.push_back(row * 60'000 + (row >= 4 ? 3'600'000 : 0));
  }
  return series;
}

TEST(Stretch, EndsAtGapsAndEndsAndAtTheLimit) {
  const Bars series = with_a_gap();
  EXPECT_EQ(widened(series, {0, 1}, 100, 100), (BarRange{0, 4}));
  EXPECT_EQ(widened(series, {3, 4}, 100, 100), (BarRange{0, 4}));
  EXPECT_EQ(widened(series, {3, 4}, 2, 0), (BarRange{1, 4}));
  EXPECT_EQ(widened(series, {4, 5}, 100, 0), (BarRange{4, 5}));
  EXPECT_EQ(widened(series, {6, 8}, 100, 1), (BarRange{4, 9}));
  EXPECT_EQ(widened(series, {4, 9}, 0, 0), (BarRange{4, 9}));
  EXPECT_EQ(widened(series, {9, 10}, 1, 100), (BarRange{8, 10}));
  for (int64_t row = 0; row < 10; ++row) {
    EXPECT_EQ(stretch_around(series, row), (row < 4 ? BarRange{0, 4} : BarRange{4, 10})) << row;
  }
}

TEST(BarRange, KnowsItsRows) {
  const BarRange rows{3, 7};
  EXPECT_EQ(rows.size(), 4);
  EXPECT_TRUE(rows.contains(3) && rows.contains(6));
  EXPECT_FALSE(rows.contains(2) || rows.contains(7));
  EXPECT_EQ(rows.common({5, 20}), (BarRange{5, 7}));
  EXPECT_EQ(rows.common({0, 4}), (BarRange{3, 4}));
  EXPECT_FALSE(rows.common({6, 9}).empty());
  EXPECT_TRUE(rows.common({7, 9}).empty());
  EXPECT_TRUE(rows.common({0, 3}).empty());
}

}  // namespace
}  // namespace spanlab
