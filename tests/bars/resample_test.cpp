// Longer bars contain what the shorter ones contained, and never join two sides of a gap.
#include "spanlab/bars/resample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/market/simulate.h"
#include "tests/expect_error.h"
#include "tests/real_data.h"

namespace spanlab {
namespace {

constexpr int64_t kMinute = 60000;

// Bars at these minutes; the bar of minute m has open m, high m + 0.5, low m - 0.5, close m + 0.25
// and volume m.
Bars at_minutes(const std::vector<int64_t>& minutes) {
  Bars series;
  for (const int64_t m : minutes) {
    const auto price = static_cast<double>(m);
    series.time_ms.push_back(m * kMinute);
    series.open.push_back(price);
    series.high.push_back(price + 0.5);
    series.low.push_back(price - 0.5);
    series.close.push_back(price + 0.25);
    series.volume.push_back(price);
  }
  series.bar_ms = kMinute;
  return series;
}

std::vector<int64_t> minutes_of(const Bars& series) {
  std::vector<int64_t> minutes = series.time_ms;
  for (int64_t& m : minutes) m /= kMinute;
  return minutes;
}

TEST(Resample, JoinsFiveBars) {
  const Resampled result = resample(at_minutes({5, 6, 7, 8, 9, 10, 11, 12, 13, 14}), 5 * kMinute);
  EXPECT_EQ(minutes_of(result.bars), (std::vector<int64_t>{5, 10}));
  EXPECT_EQ(result.bars.open, (std::vector<double>{5, 10}));
  EXPECT_EQ(result.bars.high, (std::vector<double>{9.5, 14.5}));
  EXPECT_EQ(result.bars.low, (std::vector<double>{4.5, 9.5}));
  EXPECT_EQ(result.bars.close, (std::vector<double>{9.25, 14.25}));
  EXPECT_EQ(result.bars.volume, (std::vector<double>{35, 60}));
  EXPECT_EQ(result.bars.bar_ms, 5 * kMinute);
  EXPECT_EQ(result.dropped_bars, 0);
}

TEST(Resample, ExtremesCanBeAnywhere) {
  Bars series = at_minutes({0, 1, 2, 3});
  series.high = {1, 9, 2, 3};
  series.low = {1, 1, -7, 1};
  series.volume.clear();
  const Resampled result = resample(series, 4 * kMinute);
  EXPECT_EQ(result.bars.high, (std::vector<double>{9}));
  EXPECT_EQ(result.bars.low, (std::vector<double>{-7}));
  EXPECT_TRUE(result.bars.volume.empty());
}

TEST(Resample, IncompleteBarsAtTheEdgesAreLeftOut) {
  const Resampled result = resample(at_minutes({3, 4, 5, 6, 7, 8, 9, 10, 11}), 5 * kMinute);
  EXPECT_EQ(minutes_of(result.bars), (std::vector<int64_t>{5}));
  EXPECT_EQ(result.dropped_bars, 4);
}

TEST(Resample, EveryGapStaysAGap) {
  // Minute 7 is missing inside a bar, minute 14 at the end of one, minute 20 at the start.
  std::vector<int64_t> minutes;
  for (int64_t m = 0; m < 35; ++m) {
    if (m != 7 && m != 14 && m != 20) minutes.push_back(m);
  }
  const Resampled result = resample(at_minutes(minutes), 5 * kMinute);
  EXPECT_EQ(minutes_of(result.bars), (std::vector<int64_t>{0, 15, 25, 30}));
  EXPECT_EQ(result.dropped_bars, 12);
  EXPECT_TRUE(result.bars.gap_before(1));
  EXPECT_TRUE(result.bars.gap_before(2));
  EXPECT_FALSE(result.bars.gap_before(3));
}

TEST(Resample, DoubledAndBackwardBarsSpoilTheirBarOnly) {
  EXPECT_EQ(minutes_of(resample(at_minutes({0, 1, 1, 2, 3, 4, 5, 6, 7}), 4 * kMinute).bars),
            (std::vector<int64_t>{4}));
  EXPECT_EQ(minutes_of(resample(at_minutes({0, 2, 1, 3, 4, 5, 6, 7}), 4 * kMinute).bars),
            (std::vector<int64_t>{4}));
}

TEST(Resample, TimesBefore1970AreAligned) {
  EXPECT_EQ(minutes_of(resample(at_minutes({-7, -6, -5, -4, -3, -2, -1, 0}), 4 * kMinute).bars),
            (std::vector<int64_t>{-4}));
}

TEST(Resample, InTwoStepsAsInOne) {
  const Bars series = simulate_market(2000, 3).bars;
  const Bars once = resample(series, 15 * kMinute).bars;
  const Bars twice = resample(resample(series, 5 * kMinute).bars, 15 * kMinute).bars;
  EXPECT_EQ(once.time_ms, twice.time_ms);
  EXPECT_EQ(once.open, twice.open);
  EXPECT_EQ(once.high, twice.high);
  EXPECT_EQ(once.low, twice.low);
  EXPECT_EQ(once.close, twice.close);
}

// The rule restated the slow way: a bar exists exactly where all of its minutes do, each once.
TEST(Resample, RealBarsWithGapsAgainstTheRuleRestated) {
  const Bars series = read_bars(test::kFuturesBars);
  const std::set<int64_t> times(series.time_ms.begin(), series.time_ms.end());
  std::vector<int64_t> expected;
  for (const int64_t time : times) {
    if (time % (5 * kMinute) != 0) continue;
    bool complete = true;
    for (int64_t k = 1; k < 5; ++k) complete &= times.contains(time + k * kMinute);
    if (complete) expected.push_back(time);
  }
  const Resampled result = resample(series, 5 * kMinute);
  EXPECT_EQ(result.bars.time_ms, expected);
  EXPECT_EQ(result.dropped_bars, series.size() - 5 * result.bars.size());
}

TEST(Resample, Refuses) {
  const Bars series = at_minutes({1, 2, 3, 4, 5, 6});
  for (const int64_t to : {int64_t{0}, -kMinute, kMinute, kMinute + 1, 90 * int64_t{1000}}) {
    SCOPED_TRACE(to);
    expect_error([&] { resample(series, to); }, {"1m", "multiple", "at least 2m"});
  }
  expect_error([&] { resample(series, 10 * kMinute); },
               {"no bar of 10m is complete", "10 bars of 1m"});
  Bars one = at_minutes({1});
  one.bar_ms = 0;
  expect_error([&] { resample(one, kMinute); }, {"bar size is unknown"});
}

}  // namespace
}  // namespace spanlab
