// The simulated market follows its written model: chain, lengths, returns, expansions.
#include "spanlab/market/simulate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "spanlab/bars/check.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

constexpr int64_t kBars = 200000;

const SimulatedMarket& market() {
  static const SimulatedMarket shared = simulate_market(kBars, 1);
  return shared;
}

size_t at(Regime regime) {
  return static_cast<size_t>(regime);
}

void expect_same_bars(const Bars& shorter, const Bars& longer) {
  for (int64_t row = 0; row < shorter.size(); ++row) {
    const Bar a = shorter.bar(row), b = longer.bar(row);
    ASSERT_EQ(a.time_ms, b.time_ms);
    ASSERT_EQ(a.open, b.open) << row;
    ASSERT_EQ(a.high, b.high) << row;
    ASSERT_EQ(a.low, b.low) << row;
    ASSERT_EQ(a.close, b.close) << row;
  }
}

TEST(SimulateMarket, SameSeedSameBars) {
  const SimulatedMarket again = simulate_market(5000, 1);
  expect_same_bars(again.bars, market().bars);
  EXPECT_NE(simulate_market(5000, 2).bars.close, again.bars.close);
  EXPECT_NE(simulate_market(5000, uint64_t{1} << 32).bars.close, again.bars.close);
}

TEST(SimulateMarket, AShorterMarketIsTheBeginningOfALongerOne) {
  for (const int64_t bars : {1, 2, 11, 12, 13, 100, 131, 132, 133, 1000}) {
    const SimulatedMarket shorter = simulate_market(bars, 1);
    ASSERT_EQ(shorter.bars.size(), bars);
    expect_same_bars(shorter.bars, market().bars);
    std::vector<Span> expected;
    for (const Span& e : market().spans) {
      if (e.end_row < bars) expected.push_back(e);
    }
    EXPECT_EQ(shorter.spans, expected) << bars;
    EXPECT_EQ(shorter.stays.back().rows.end, bars);
  }
}

TEST(SimulateMarket, BarsAreSoundAndOnTheTick) {
  const BarsReport report = check_bars(market().bars);
  EXPECT_EQ(report.faults(), 0);
  EXPECT_EQ(report.of(BarsCheck::gap).count, 0);
  EXPECT_EQ(report.bar_ms, 60000);
  for (const double price : market().bars.low) ASSERT_EQ(price * 4, std::round(price * 4));
}

TEST(SimulateMarket, StaysFollowTheChain) {
  const MarketModel model;
  int64_t row = 0;
  const MarketStay* before = nullptr;
  for (const MarketStay& stay : market().stays) {
    ASSERT_EQ(stay.rows.begin, row);
    row = stay.rows.end;
    const StayLength& length = model.regimes[at(stay.regime)].length;
    ASSERT_LE(stay.rows.size(), length.longest);
    if (row < kBars) {
      ASSERT_GE(stay.rows.size(), length.shortest);
    }
    ASSERT_EQ(std::abs(stay.direction), stay.regime == Regime::quiet ? 0 : 1);
    ASSERT_EQ(stay.strength > 0, stay.regime == Regime::expansion);
    if (before != nullptr) {
      ASSERT_GT(model.next[at(before->regime)][at(stay.regime)], 0);
      if (before->regime != Regime::quiet && stay.regime != Regime::quiet) {
        ASSERT_EQ(stay.direction, before->direction);
      }
    } else {
      ASSERT_EQ(stay.regime, Regime::quiet);
    }
    before = &stay;
  }
  EXPECT_EQ(row, kBars);
}

TEST(SimulateMarket, ExpansionsAreTheStaysThatExpand) {
  std::vector<Span> expected;
  for (size_t k = 1; k < market().stays.size(); ++k) {
    const MarketStay& s = market().stays[k];
    if (s.regime != Regime::expansion) continue;
    const Regime before = market().stays[k - 1].regime;
    ASSERT_TRUE(before == Regime::quiet || before == Regime::pullback);
    expected.push_back(
        {.start_row = s.rows.begin,
         .end_row = s.rows.end - 1,
         .direction = s.direction > 0 ? Direction::up : Direction::down,
         .type = before == Regime::quiet ? SpanType::consolidation : SpanType::retracement,
         .score = s.strength});
  }
  EXPECT_EQ(market().spans, expected);
  std::map<std::pair<SpanType, Direction>, int> counts;
  for (const Span& e : market().spans) {
    ASSERT_GE(e.rows().size(), 3);
    ASSERT_LE(e.rows().size(), 15);
    ++counts[{e.type, e.direction}];
  }
  ASSERT_EQ(counts.size(), 4u) << "both types in both directions";
  for (const auto& [kind, count] : counts) EXPECT_GT(count, 200);
}

// Frequencies against probabilities, five standard errors.
TEST(SimulateMarket, TransitionsHaveTheModelsProbabilities) {
  const MarketModel model;
  std::array<std::array<double, kRegimes>, kRegimes> counts{};
  std::array<double, 3> levels{};
  for (size_t k = 1; k < market().stays.size(); ++k) {
    const MarketStay& stay = market().stays[k];
    ++counts[at(market().stays[k - 1].regime)][at(stay.regime)];
    if (stay.regime == Regime::expansion) {
      const auto& known = model.strength_levels;
      const auto level = std::find(known.begin(), known.end(), stay.strength / model.strength);
      ASSERT_NE(level, known.end());
      ++levels[static_cast<size_t>(level - known.begin())];
    }
  }
  const auto expect_frequency = [](double count, double n, double p) {
    EXPECT_NEAR(count / n, p, 5 * std::sqrt(p * (1 - p) / n));
  };
  for (size_t from = 0; from < kRegimes; ++from) {
    const double n = std::accumulate(counts[from].begin(), counts[from].end(), 0.0);
    for (size_t to = 0; to < kRegimes; ++to) {
      expect_frequency(counts[from][to], n, model.next[from][to]);
    }
  }
  const double n = std::accumulate(levels.begin(), levels.end(), 0.0);
  for (const double count : levels) expect_frequency(count, n, 1.0 / 3);
}

TEST(LengthProbabilities, ClosedForm) {
  const std::vector<double> p = length_probabilities({3, 6, 2});  // q = 1/2
  const std::vector<double> expected = {1 / 3.25, 1 / 3.25, 0.75 / 3.25, 0.5 / 3.25};
  ASSERT_EQ(p.size(), 4u);
  for (size_t k = 0; k < 4; ++k) EXPECT_NEAR(p[k], expected[k], 1e-15);
  // Hardly cut, the mean is shortest + excess.
  const std::vector<double> wide = length_probabilities({12, 2000, 33});
  double mean = 0;
  for (size_t k = 0; k < wide.size(); ++k) mean += wide[k] * static_cast<double>(12 + k);
  EXPECT_NEAR(mean, 45, 1e-9);
  EXPECT_EQ(length_probabilities({4, 4, 0}), (std::vector<double>{1}));
}

TEST(SimulateMarket, LengthsHaveTheModelsDistribution) {
  const MarketModel model;
  for (const Regime regime : {Regime::quiet, Regime::trend, Regime::pullback, Regime::expansion}) {
    const StayLength& length = model.regimes[at(regime)].length;
    const std::vector<double> p = length_probabilities(length);
    double mean = 0, square = 0;
    for (size_t k = 0; k < p.size(); ++k) {
      const auto bars = static_cast<double>(length.shortest) + static_cast<double>(k);
      mean += p[k] * bars;
      square += p[k] * bars * bars;
    }
    double sum = 0, n = 0;
    for (const MarketStay& stay : market().stays) {
      if (stay.regime != regime || stay.rows.end == kBars) continue;
      sum += static_cast<double>(stay.rows.size());
      ++n;
    }
    EXPECT_NEAR(sum / n, mean, 5 * std::sqrt((square - mean * mean) / n));
  }
}

struct Standardised {
  double n = 0, sum = 0, square = 0, range = 0;
};

// Recomputes s_t from the closes by the recursion of the header, as an analysis of a file would,
// and returns for each regime the moments of (r_t - mean) / deviation and of the bar's range / s_t.
std::array<Standardised, kRegimes> standardise(const SimulatedMarket& m, const MarketModel& model) {
  std::array<Standardised, kRegimes> all;
  double h = 1, before = model.start_price;
  for (const MarketStay& stay : m.stays) {
    const RegimeModel& regime = model.regimes[at(stay.regime)];
    const double drift = stay.regime == Regime::expansion ? stay.strength : regime.drift;
    Standardised& sums = all[at(stay.regime)];
    for (int64_t row = stay.rows.begin; row < stay.rows.end; ++row) {
      const Bar bar = m.bars.bar(row);
      const double s = model.bar_volatility * std::sqrt(h);
      const double r = std::log(bar.close / before);
      const double z = (r - stay.direction * drift * s) / (regime.volatility * s);
      ++sums.n;
      sums.sum += z;
      sums.square += z * z;
      sums.range += std::log(bar.high / bar.low) / (regime.volatility * s);
      const double shock = r / model.bar_volatility;
      h = std::clamp(1 - model.shock_weight - model.memory + model.shock_weight * shock * shock +
                         model.memory * h,
                     model.h_low, model.h_high);
      before = bar.close;
    }
  }
  return all;
}

TEST(SimulateMarket, ReturnsFollowTheWrittenModel) {
  for (const double strength : {0.0, 1.5, 4.0}) {
    MarketModel model;
    model.strength = strength;
    const SimulatedMarket m = simulate_market(kBars, 5, model);
    const auto all = standardise(m, model);
    for (size_t k = 0; k < kRegimes; ++k) {
      SCOPED_TRACE(k);
      const Standardised& sums = all[k];
      EXPECT_NEAR(sums.sum / sums.n, 0, 5 / std::sqrt(sums.n));
      EXPECT_NEAR(sums.square / sums.n, 1, 5 * std::sqrt(2 / sums.n));
    }
    // Feller 1951: a Brownian path without drift has a mean range of sqrt(8 / pi) = 1.596
    // deviations; one looked at in 32 places has less.
    const Standardised& quiet = all[at(Regime::quiet)];
    EXPECT_GT(quiet.range / quiet.n, 1.25);
    EXPECT_LT(quiet.range / quiet.n, 1.596);
  }
}

TEST(SimulateMarket, VolatilityClusters) {
  const std::vector<double>& close = market().bars.close;
  std::vector<double> squares;
  for (size_t i = 1; i < close.size(); ++i) {
    const double r = std::log(close[i] / close[i - 1]);
    squares.push_back(r * r);
  }
  const double mean =
      std::accumulate(squares.begin(), squares.end(), 0.0) / static_cast<double>(squares.size());
  double covariance = 0, variance = 0;
  for (size_t i = 10; i < squares.size(); ++i) {
    covariance += (squares[i] - mean) * (squares[i - 10] - mean);
    variance += (squares[i] - mean) * (squares[i] - mean);
  }
  // 0.002 would be one standard error of independent returns.
  EXPECT_GT(covariance / variance, 0.04);
}

TEST(SimulateMarket, ABaseRateLikeThatOfRealLabels) {
  int64_t inside = 0;
  for (const Span& e : market().spans) inside += e.rows().size();
  EXPECT_NEAR(static_cast<double>(inside) / kBars, 0.065, 0.005);
}

TEST(SimulateMarket, SmallTicksArePrintableDecimals) {
  MarketModel model;
  model.start_price = 1.3;
  model.ticks_per_unit = 100000;
  const Bars bars = simulate_market(1000, 1, model).bars;
  for (const double price : bars.close) {
    ASSERT_EQ(price, std::round(price * 100000) / 100000);
  }
}

TEST(SimulateMarket, Refuses) {
  for (const int64_t bars : {int64_t{0}, int64_t{-1}, int64_t{1'000'000'001}}) {
    expect_error([&] { simulate_market(bars, 1); }, {"number of bars"});
  }
  const auto expect_refused = [](auto&& spoil, const char* part) {
    MarketModel model;
    spoil(model);
    expect_error([&] { simulate_market(10, 1, model); }, {"no market can be simulated", part});
  };
  expect_refused([](MarketModel& m) { m.strength = -1; }, "strength");
  expect_refused([](MarketModel& m) { m.strength = 11; }, "strength");
  expect_refused([](MarketModel& m) { m.strength = std::nan(""); }, "strength");
  expect_refused([](MarketModel& m) { m.start_price = 0; }, "prices");
  expect_refused([](MarketModel& m) { m.path_steps = 0; }, "path steps");
  expect_refused([](MarketModel& m) { m.next[0][1] = 0.5; }, "sum to 1");
  expect_refused([](MarketModel& m) { m.regimes[1].length = {0, 5, 1}; }, "length");
  expect_refused([](MarketModel& m) { m.regimes[1].length = {5, 4, 1}; }, "length");
}

}  // namespace
}  // namespace spanlab
