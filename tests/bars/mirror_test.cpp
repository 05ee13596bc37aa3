// Prices upside down.
#include "spanlab/bars/mirror.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "spanlab/market/simulate.h"

namespace spanlab {
namespace {

class Mirror : public ::testing::Test {
 protected:
  const Bars series_ = simulate_market(500, 4, MarketModel{}).bars;
  const Bars mirror_ = mirrored(series_);
};

TEST_F(Mirror, DifferencesNegate) {
  for (size_t i = 1; i < series_.close.size(); ++i) {
    const double scale = 1e-12 * series_.close[i];
    EXPECT_NEAR(mirror_.close[i] - mirror_.close[i - 1], series_.close[i - 1] - series_.close[i],
                scale);
    EXPECT_NEAR(mirror_.close[i] - mirror_.open[i], series_.open[i] - series_.close[i], scale);
  }
}

TEST_F(Mirror, HighsAndLowsChangePlaces) {
  for (size_t i = 0; i < series_.close.size(); ++i) {
    const double scale = 1e-12 * series_.close[i];
    EXPECT_NEAR(mirror_.high[i] - mirror_.open[i], series_.open[i] - series_.low[i], scale);
    EXPECT_NEAR(mirror_.close[i] - mirror_.low[i], series_.high[i] - series_.close[i], scale);
    EXPECT_GE(mirror_.high[i], std::max(mirror_.open[i], mirror_.close[i]));
    EXPECT_LE(mirror_.low[i], std::min(mirror_.open[i], mirror_.close[i]));
  }
}

TEST_F(Mirror, KeepsTheRangeOfThePrices) {
  const double high = *std::max_element(series_.high.begin(), series_.high.end());
  const double low = *std::min_element(series_.low.begin(), series_.low.end());
  EXPECT_NEAR(*std::max_element(mirror_.high.begin(), mirror_.high.end()), high, 1e-12 * high);
  EXPECT_NEAR(*std::min_element(mirror_.low.begin(), mirror_.low.end()), low, 1e-12 * high);
  EXPECT_GT(low, 0);
}

TEST_F(Mirror, TwiceIsTheSeriesAgain) {
  const Bars twice = mirrored(mirror_);
  for (size_t i = 0; i < series_.close.size(); ++i) {
    const double scale = 1e-12 * series_.close[i];
    EXPECT_NEAR(twice.open[i], series_.open[i], scale);
    EXPECT_NEAR(twice.high[i], series_.high[i], scale);
    EXPECT_NEAR(twice.low[i], series_.low[i], scale);
    EXPECT_NEAR(twice.close[i], series_.close[i], scale);
  }
}

TEST_F(Mirror, TimesAndVolumesStay) {
  EXPECT_EQ(mirror_.time_ms, series_.time_ms);
  EXPECT_EQ(mirror_.volume, series_.volume);
  EXPECT_EQ(mirror_.bar_ms, series_.bar_ms);
  EXPECT_EQ(mirrored(Bars{}).size(), 0);
}

}  // namespace
}  // namespace spanlab
