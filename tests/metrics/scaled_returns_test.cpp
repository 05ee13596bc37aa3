// Volatility-scaled returns: closed forms, causal, the same from any window and in any currency.
#include "spanlab/metrics/scaled_returns.h"
#include "spanlab/market/simulate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "spanlab/metrics/metrics.h"
#include "spanlab/metrics/probe.h"
#include "tests/metrics/make.h"
#include "tests/real_data.h"

namespace spanlab {
namespace {

using test::Sample;
using test::tiled;

constexpr size_t kColumns = kScaledReturns;

std::vector<float> returns_of(const Bars& series, const std::vector<int64_t>& first_rows,
                              int length) {
  std::vector<Window> windows(first_rows.size());
  std::vector<int> chosen;
  for (size_t i = 0; i < windows.size(); ++i) {
    windows[i].first_row = first_rows[i];
    chosen.push_back(static_cast<int>(i));
  }
  return volatility_scaled_returns(series, windows, chosen, length);
}

TEST(ScaledReturns, SteadyClimb) {
  Bars series;
  for (int i = 0; i < 100; ++i) {
    series.time_ms.push_back(int64_t{i} * 60000);
    series.open.push_back(100 + 2 * i);
    series.close.push_back(100 + 2 * i);
    series.high.push_back(101 + 2 * i);
    series.low.push_back(99 + 2 * i);
  }
  series.bar_ms = 60000;
  const std::vector<float> out = returns_of(series, {0, 50}, 50);
  ASSERT_EQ(out.size(), 100 * kColumns);
  // Row 0 has no change and a range of 2; later rows have a change of 2 and a true range of 3.
  for (size_t c = 0; c < kColumns; ++c) EXPECT_EQ(out[c], c == 1 ? 1.0f : 0.0f);
  for (size_t t = 1; t < 100; ++t) {
    const float* bar = out.data() + t * kColumns;
    EXPECT_FLOAT_EQ(bar[0], 1.0f);
    const double mean =
        t < 60 ? (2.0 + 3.0 * static_cast<double>(t)) / static_cast<double>(t + 1) : 3.0;
    EXPECT_NEAR(bar[1], 3.0 / mean, 1e-6) << t;
    const int sums[] = {3, 5, 8, 13};
    for (size_t c = 0; c < 4; ++c) {
      const double moved = std::min(static_cast<int>(t), sums[c]);
      EXPECT_NEAR(bar[2 + c], moved / std::sqrt(sums[c]), 1e-6) << t;
    }
  }
}

TEST(ScaledReturns, DependOnTheRowAndNotOnTheWindowOrTheCurrency) {
  const SimulatedMarket market = simulate_market(600, 2);
  const std::vector<float> a = returns_of(market.bars, {200}, 100);
  const std::vector<float> b = returns_of(market.bars, {240}, 60);
  EXPECT_EQ(std::vector<float>(a.begin() + 40 * kColumns, a.end()), b);

  Bars scaled = market.bars;
  for (auto* prices : {&scaled.open, &scaled.high, &scaled.low, &scaled.close}) {
    for (double& price : *prices) price *= 4.0;
  }
  EXPECT_EQ(returns_of(scaled, {200}, 100), a);
}

TEST(ScaledReturns, LookNeitherAheadNorAcrossAGap) {
  const SimulatedMarket market = simulate_market(600, 2);
  const std::vector<float> a = returns_of(market.bars, {200}, 100);
  Bars changed = market.bars;
  for (size_t i = 250; i < 600; ++i) changed.close[i] += 50.0;
  const std::vector<float> b = returns_of(changed, {200}, 100);
  const auto first_50 = [](const std::vector<float>& v) {
    return std::vector<float>(v.begin(), v.begin() + 50 * kColumns);
  };
  EXPECT_EQ(first_50(a), first_50(b));
  EXPECT_NE(a[50 * kColumns], b[50 * kColumns]);

  Bars broken = market.bars;
  for (size_t i = 200; i < 600; ++i) broken.time_ms[i] += 3600000;
  const std::vector<float> fresh = returns_of(broken, {200}, 100);
  for (size_t c = 0; c < kColumns; ++c) EXPECT_EQ(fresh[c], c == 1 ? 1.0f : 0.0f);
}

TEST(ScaledReturns, HoldMoreThanTheFeaturesOnRealBars) {
  const Bars series = read_bars(test::kBars);
  const Sample train(series, read_windows(test::kWindows));
  const Sample later(series, tiled(27364, 110, read_spans(test::kSpans)));
  const auto precision = [&](int width, const std::vector<float>& fitted,
                             const std::vector<float>& asked) {
    const LogisticProbe probe({210, kWindowLength, width, fitted}, train.dataset.mask);
    const std::vector<float> scores = probe.scores({110, kWindowLength, width, asked});
    const std::vector<int> group(110, 0);
    return metric_values({110, kWindowLength, scores, later.dataset.mask, group}, 0.5)[0];
  };
  const double features = precision(12, train.dataset.input.get(), later.dataset.input.get());
  const double returns = precision(
      kScaledReturns, volatility_scaled_returns(series, train.windows, train.chosen, kWindowLength),
      volatility_scaled_returns(series, later.windows, later.chosen, kWindowLength));
  EXPECT_NEAR(features, 0.275, 0.02);
  EXPECT_GT(returns, features + 0.1);
}

}  // namespace
}  // namespace spanlab
