// How far bars go on without a gap.
#include "spanlab/bars/stretch.h"

#include <gtest/gtest.h>

namespace spanlab {
namespace {

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
  EXPECT_EQ(bars_before(series, 0, 100), 0);
  EXPECT_EQ(bars_before(series, 3, 100), 3);
  EXPECT_EQ(bars_before(series, 3, 2), 2);
  EXPECT_EQ(bars_before(series, 4, 100), 0);
  EXPECT_EQ(bars_before(series, 7, 100), 3);
  EXPECT_EQ(bars_behind(series, 0, 100), 3);
  EXPECT_EQ(bars_behind(series, 3, 100), 0);
  EXPECT_EQ(bars_behind(series, 4, 100), 5);
  EXPECT_EQ(bars_behind(series, 4, 0), 0);
  EXPECT_EQ(bars_behind(series, 9, 100), 0);
}

}  // namespace
}  // namespace spanlab
