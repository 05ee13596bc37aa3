// Every oddity is counted and placed, and sound bars have none.
#include "spanlab/bars/check.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "spanlab/bars/csv_bars.h"

namespace spanlab {
namespace {

using Rows = std::vector<int64_t>;

// Sound bars, one a minute: open 10, high 12, low 9, close 11.
Bars sound(int64_t rows) {
  Bars series;
  for (int64_t row = 0; row < rows; ++row) {
    series.time_ms.push_back(60000 * row);
    series.open.push_back(10);
    series.high.push_back(12);
    series.low.push_back(9);
    series.close.push_back(11);
  }
  series.bar_ms = most_common_step(series.time_ms);
  return series;
}

// Every other check must have found nothing.
void expect_only(const Bars& series, BarsCheck check, const Rows& rows) {
  const BarsReport report = check_bars(series);
  for (int k = 0; k < kBarsChecks; ++k) {
    const auto other = static_cast<BarsCheck>(k);
    const Rows expected = other == check ? rows : Rows();
    EXPECT_EQ(report.of(other).first_rows, expected) << info_of(other).name;
    EXPECT_EQ(report.of(other).count, static_cast<int64_t>(expected.size())) << info_of(other).name;
  }
  EXPECT_EQ(report.faults(), info_of(check).fault ? static_cast<int64_t>(rows.size()) : 0);
}

TEST(CheckBars, SoundBars) {
  const BarsReport report = check_bars(sound(20));
  EXPECT_EQ(report.rows, 20);
  EXPECT_EQ(report.first_ms, 0);
  EXPECT_EQ(report.last_ms, 19 * 60000);
  EXPECT_EQ(report.bar_ms, 60000);
  EXPECT_EQ(report.missing_bars, 0);
  expect_only(sound(20), BarsCheck::gap, {});
}

TEST(CheckBars, Gaps) {
  Bars series = sound(20);
  for (size_t i = 5; i < 20; ++i) series.time_ms[i] += 60000;
  for (size_t i = 12; i < 20; ++i) series.time_ms[i] += 10 * 60000;
  expect_only(series, BarsCheck::gap, {5, 12});
  const BarsReport report = check_bars(series);
  EXPECT_EQ(report.missing_bars, 11);
  EXPECT_EQ(report.longest_gap_ms, 11 * 60000);
}

TEST(CheckBars, AStepOfOneAndAHalfBarsMissesOne) {
  Bars series = sound(20);
  for (size_t i = 5; i < 20; ++i) series.time_ms[i] += 30000;
  expect_only(series, BarsCheck::gap, {5});
  EXPECT_EQ(check_bars(series).missing_bars, 1);
}

TEST(CheckBars, StepsThatAreNoGaps) {
  Bars series = sound(20);
  for (size_t i = 5; i < 20; ++i) series.time_ms[i] -= 60000;
  expect_only(series, BarsCheck::duplicate, {5});
  for (size_t i = 5; i < 20; ++i) series.time_ms[i] += 20000;
  expect_only(series, BarsCheck::short_step, {5});
  for (size_t i = 5; i < 20; ++i) series.time_ms[i] -= 80000;
  expect_only(series, BarsCheck::time_back, {5});
}

TEST(CheckBars, Prices) {
  Bars series = sound(20);
  series.high[3] = 10.5;
  expect_only(series, BarsCheck::high_too_low, {3});
  series = sound(20);
  series.low[0] = 10.5;
  expect_only(series, BarsCheck::low_too_high, {0});
  series = sound(20);
  series.open[7] = series.high[7] = series.low[7] = series.close[7] = 10;
  expect_only(series, BarsCheck::flat, {7});
  series = sound(20);
  series.low[19] = 0;
  series.low[4] = -1;
  expect_only(series, BarsCheck::not_positive, {4, 19});
}

TEST(CheckBars, Volume) {
  Bars series = sound(20);
  series.volume.assign(20, 0.0);
  expect_only(series, BarsCheck::gap, {});
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    series.volume[8] = bad;
    expect_only(series, BarsCheck::volume_not_finite, {8});
  }
  series.volume[8] = -0.5;
  expect_only(series, BarsCheck::volume_negative, {8});
}

TEST(CheckBars, APriceThatIsNotFiniteTakesPartInNothingElse) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity()}) {
    for (const auto member : {&Bars::open, &Bars::high, &Bars::low, &Bars::close}) {
      Bars series = sound(20);
      (series.*member)[6] = bad;
      expect_only(series, BarsCheck::not_finite, {6});
    }
  }
}

TEST(CheckBars, KeepsTheFirstFiveRowsAndCountsAll) {
  Bars series = sound(50);
  for (const size_t i : {3, 9, 10, 20, 21, 40, 41}) series.high[i] = 1;
  const BarsReport report = check_bars(series);
  EXPECT_EQ(report.of(BarsCheck::high_too_low).count, 7);
  EXPECT_EQ(report.of(BarsCheck::high_too_low).first_rows, (Rows{3, 9, 10, 20, 21}));
  EXPECT_EQ(report.faults(), 7);
}

TEST(CheckBars, FewBars) {
  EXPECT_EQ(check_bars(Bars()).rows, 0);
  expect_only(sound(1), BarsCheck::gap, {});
  Bars backwards = sound(3);
  backwards.time_ms = {3000, 2000, 1000};
  backwards.bar_ms = most_common_step(backwards.time_ms);
  expect_only(backwards, BarsCheck::time_back, {1, 2});
}

}  // namespace
}  // namespace spanlab
