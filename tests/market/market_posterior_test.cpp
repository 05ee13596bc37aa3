// The exact posterior: enumeration of all that can have happened, calibration, the right model.
#include "spanlab/market/bayes_ceiling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "spanlab/market/simulate.h"
#include "spanlab/metrics/trivial.h"
#include "tests/expect_error.h"
#include "tests/metrics/make.h"

namespace spanlab {
namespace {

constexpr int kBarsOfMarket = 20000;

MarketModel with_strength(double strength) {
  MarketModel model;
  model.strength = strength;
  return model;
}

// Walks through every chain of stays that covers the bars, one after the other, and adds up the
// probabilities: no sum is shared with the code under test.
class Enumeration {
 public:
  Enumeration(const Bars& bars, const MarketModel& model) : closes_(bars.close), model_(model) {
    inside_.assign(closes_.size(), 0);
    for (const RegimeModel& regime : model.regimes) {
      lengths_.push_back(length_probabilities(regime.length));
    }
    double before = model.start_price, h = 1;
    for (const double close : closes_) {
      before_.push_back(before);
      s_.push_back(model.bar_volatility * std::sqrt(h));
      const double r = std::log(close / before) / model.bar_volatility;
      h = std::min(model.h_high,
                   std::max(model.h_low, 1 - model.shock_weight - model.memory +
                                             model.shock_weight * r * r + model.memory * h));
      before = close;
    }
    stay(0, Regime::quiet, 0, 0, 1);
  }

  std::vector<double> posterior() const {
    std::vector<double> p = inside_;
    for (double& value : p) value /= total_;
    return p;
  }
  double chains() const { return chains_; }

 private:
  // Probability of the rounded close.
  double of_bar(size_t t, double drift, double volatility) const {
    const double half_tick = 0.5 / model_.ticks_per_unit;
    const auto below = [&](double price) {
      const double z =
          (std::log(price / before_[t]) - drift * s_[t]) / (volatility * s_[t] * std::sqrt(2.0));
      return 0.5 * (1 + std::erf(z));
    };
    return below(closes_[t] + half_tick) - below(closes_[t] - half_tick);
  }

  // A stay begins at `first`; `p` is the probability of all before it and of its state.
  void stay(size_t first, Regime regime, int direction, double drift, double p) {
    const auto index = static_cast<size_t>(regime);
    const RegimeModel& of = model_.regimes[index];
    for (size_t k = 0; k < lengths_[index].size(); ++k) {
      const size_t end = first + static_cast<size_t>(of.length.shortest) + k;
      double here = p * lengths_[index][k];
      for (size_t t = first; t < std::min(end, closes_.size()); ++t) {
        here *= of_bar(t, direction * drift, of.volatility);
      }
      const size_t marked = path_.size();
      if (regime == Regime::expansion) path_.push_back({first, std::min(end, closes_.size())});
      if (end >= closes_.size()) {
        finish(here);
      } else {
        go_on(end, regime, direction, here);
      }
      path_.resize(marked);
    }
  }

  void go_on(size_t first, Regime from, int direction, double p) {
    for (const Regime to : {Regime::quiet, Regime::trend, Regime::pullback, Regime::expansion}) {
      const double next = model_.next[static_cast<size_t>(from)][static_cast<size_t>(to)];
      if (next == 0) continue;
      if (to == Regime::quiet) {
        stay(first, to, 0, 0, p * next);
      } else if (from == Regime::quiet) {
        enter(first, to, 1, p * next / 2);
        enter(first, to, -1, p * next / 2);
      } else {
        enter(first, to, direction, p * next);
      }
    }
  }

  void enter(size_t first, Regime to, int direction, double p) {
    if (to != Regime::expansion) {
      return stay(first, to, direction, model_.regimes[static_cast<size_t>(to)].drift, p);
    }
    for (const double level : model_.strength_levels) {
      stay(first, to, direction, model_.strength * level, p / 3);
    }
  }

  void finish(double p) {
    total_ += p;
    ++chains_;
    for (const auto& [first, end] : path_) {
      for (size_t t = first; t < end; ++t) inside_[t] += p;
    }
  }

  struct Stretch {
    size_t first, end;
  };
  std::vector<double> closes_, before_, s_, inside_;
  std::vector<std::vector<double>> lengths_;
  const MarketModel& model_;
  std::vector<Stretch> path_;
  double total_ = 0, chains_ = 0;
};

// Short stays, so that several fit into a few bars; every transition can happen.
MarketModel tiny_model() {
  MarketModel model = with_strength(1.2);
  model.regimes = {{{0.0, 0.7, {1, 3, 1.0}},
                    {0.4, 1.1, {2, 3, 0.5}},
                    {-0.5, 0.9, {2, 4, 1.5}},
                    {1.0, 1.3, {1, 3, 1.0}}}};
  model.next = {
      {{0.1, 0.3, 0.2, 0.4}, {0.3, 0.1, 0.4, 0.2}, {0.2, 0.3, 0.0, 0.5}, {0.5, 0.3, 0.1, 0.1}}};
  return model;
}

void expect_enumerated(int bars, uint64_t seed, const MarketModel& model) {
  const Bars series = simulate_market(bars, seed, model).bars;
  const Enumeration all(series, model);
  const std::vector<double> exact = all.posterior();
  const std::vector<double> p = expansion_posterior(series, model);
  ASSERT_EQ(p.size(), exact.size());
  for (size_t t = 0; t < p.size(); ++t) {
    EXPECT_NEAR(p[t], exact[t], 1e-10) << bars << " bars, seed " << seed << ", bar " << t;
  }
}

TEST(MarketPosterior, IsWhatAllChainsAddUpTo) {
  for (const int bars : {1, 2, 3, 6}) expect_enumerated(bars, 1, tiny_model());
  expect_enumerated(7, 2, tiny_model());
  const Bars series = simulate_market(6, 1, tiny_model()).bars;
  EXPECT_GT(Enumeration(series, tiny_model()).chains(), 10000);
}

TEST(MarketPosterior, CoarseTicksAndClampedVolatilityAreEnumeratedToo) {
  MarketModel model = tiny_model();
  model.ticks_per_unit = 0.1;  // a tick is more than a standard deviation
  expect_enumerated(6, 3, model);
  model.shock_weight = 0.5;
  model.memory = 0.4;
  model.h_low = 0.9;
  model.h_high = 1.1;
  expect_enumerated(6, 4, model);
}

TEST(MarketPosterior, MarketOpensWithAWholeStayInQuiet) {
  const MarketModel model = with_strength(1.5);
  const std::vector<double> p = expansion_posterior(simulate_market(300, 1, model).bars, model);
  const auto shortest = model.regimes[0].length.shortest;
  for (int t = 0; t < shortest; ++t) EXPECT_EQ(p[static_cast<size_t>(t)], 0.0);
  EXPECT_GT(p[static_cast<size_t>(shortest)], 0.0);
}

// Of the bars that get a probability in [low, high): how far the number of expansion bars lies from
// the sum of probabilities, in standard errors. Bars of one expansion hang together, so the error
// is taken from sums over blocks of 500 bars.
double surprise(const std::vector<double>& p, const std::vector<float>& truth, double low,
                double high) {
  double sum = 0, squares = 0, block = 0;
  for (size_t t = 0; t < p.size(); ++t) {
    if (p[t] >= low && p[t] < high) block += double{truth[t]} - p[t];
    if (t % 500 != 499) continue;
    sum += block;
    squares += block * block;
    block = 0;
  }
  return sum / std::sqrt(squares);
}

std::vector<float> expansion_bars(const SimulatedMarket& market) {
  std::vector<float> truth(market.bars.close.size());
  for (const MarketStay& stay : market.stays) {
    if (stay.regime != Regime::expansion) continue;
    std::fill(truth.begin() + stay.rows.begin, truth.begin() + stay.rows.end, 1.0F);
  }
  return truth;
}

constexpr std::array<double, 7> kBounds = {0, 0.02, 0.1, 0.25, 0.5, 0.75, 1.0 + 1e-9};

void expect_calibrated(double strength, Sight sight) {
  const MarketModel model = with_strength(strength);
  const SimulatedMarket market = simulate_market(kBarsOfMarket, 11, model);
  const std::vector<double> p = expansion_posterior(market.bars, model, sight);
  for (size_t k = 0; k + 1 < kBounds.size(); ++k) {
    EXPECT_LT(std::abs(surprise(p, expansion_bars(market), kBounds[k], kBounds[k + 1])), 3.5)
        << "strength " << strength << ", from " << kBounds[k];
  }
}

TEST(MarketPosterior, IsCalibrated) {
  expect_calibrated(0.75, Sight::closes);
  expect_calibrated(1.5, Sight::closes);
  expect_calibrated(1.0, Sight::bars);
}

TEST(MarketPosterior, RangesTellMoreThanClosesAlone) {
  const MarketModel model = with_strength(1.0);
  const SimulatedMarket market = simulate_market(8000, 4, model);
  const std::vector<Span> spans = market.spans;
  const BayesCeiling closes = bayes_ceiling(expansion_posterior(market.bars, model), spans);
  const BayesCeiling bars =
      bayes_ceiling(expansion_posterior(market.bars, model, Sight::bars), spans);
  EXPECT_GT(bars.average_precision, closes.average_precision + 0.1);
  EXPECT_LT(bars.log_loss, closes.log_loss - 0.02);
}

TEST(MarketPosterior, WrongStrengthIsNotCalibrated) {
  const SimulatedMarket market = simulate_market(kBarsOfMarket, 11, with_strength(0.75));
  const std::vector<double> p = expansion_posterior(market.bars, with_strength(1.5));
  EXPECT_GT(surprise(p, expansion_bars(market), 0, 0.02), 4);  // weak ones are overlooked
}

double log_loss(const SimulatedMarket& market, const MarketModel& model) {
  const std::vector<double> p = expansion_posterior(market.bars, model);
  return bayes_ceiling(p, market.spans).log_loss;
}

TEST(MarketPosterior, AnyOtherParameterScoresWorse) {
  const MarketModel truth = with_strength(1.0);
  const SimulatedMarket market = simulate_market(8000, 5, truth);
  std::vector<MarketModel> wrong(4, truth);
  wrong[0].strength = 0.5;
  wrong[1].bar_volatility *= 1.3;
  wrong[2].regimes[static_cast<size_t>(Regime::expansion)].length.excess = 1;
  wrong[3].next[static_cast<size_t>(Regime::quiet)] = {0.0, 0.8, 0.0, 0.2};
  const double best = log_loss(market, truth);
  for (size_t k = 0; k < wrong.size(); ++k) EXPECT_GT(log_loss(market, wrong[k]), best) << k;
}

TEST(MarketPosterior, StrengthDecidesWhatCanBeKnown) {
  const SimulatedMarket none = simulate_market(kBarsOfMarket, 7, with_strength(0));
  const std::vector<double> p = expansion_posterior(none.bars, with_strength(0));
  const BayesCeiling blind = bayes_ceiling(p, none.spans);
  EXPECT_LT(std::abs(surprise(p, expansion_bars(none), 0, 1.01)), 3);  // right on the whole
  EXPECT_NEAR(blind.base_rate, 0.066, 0.012);
  EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0) / kBarsOfMarket, 0.066, 0.002);
  EXPECT_LT(blind.average_precision, 0.25);
  const SimulatedMarket plain = simulate_market(8000, 7, with_strength(3));
  const BayesCeiling sure =
      bayes_ceiling(expansion_posterior(plain.bars, with_strength(3)), plain.spans);
  EXPECT_GT(sure.average_precision, 0.99);
  EXPECT_GT(sure.f1, 0.95);
}

TEST(MarketPosterior, BeatsEveryTrivialPredictor) {
  const MarketModel model = with_strength(1.5);
  const SimulatedMarket market = simulate_market(10600, 3, model);
  const std::vector<Span> spans = market.spans;
  const test::Sample train(market.bars, test::tiled(0, 50, spans));
  const test::Sample later(market.bars, test::tiled(5250, 50, spans));
  const std::vector<double> p = expansion_posterior(market.bars, model);
  std::vector<int64_t> rows(50 * kWindowLength);
  std::iota(rows.begin(), rows.end(), 5250);
  const BayesCeiling ceiling = bayes_ceiling(p, spans, rows);
  for (const TrivialPredictor& other : trivial_predictors(train.set(), later.set())) {
    std::vector<double> scores(market.bars.close.size());
    std::copy(other.test_scores.begin(), other.test_scores.end(), scores.begin() + 5250);
    EXPECT_GT(ceiling.average_precision,
              0.05 + bayes_ceiling(scores, spans, rows).average_precision)
        << other.name;
  }
}

TEST(MarketPosterior, LooksAtClosesOnly) {
  const MarketModel model = with_strength(1.5);
  Bars bars = simulate_market(1000, 9, model).bars;
  const std::vector<double> before = expansion_posterior(bars, model);
  for (size_t t = 0; t < bars.close.size(); ++t) {
    bars.open[t] += 3;
    bars.high[t] += 50;
    bars.low[t] -= 20;
    bars.time_ms[t] *= 2;
  }
  EXPECT_EQ(expansion_posterior(bars, model), before);
  bars.close[500] += 25;
  EXPECT_NE(expansion_posterior(bars, model), before);
}

TEST(MarketPosterior, NothingUnderflows) {
  const MarketModel model = with_strength(10);
  Bars bars = simulate_market(3000, 9, model).bars;
  for (size_t t = 1500; t < bars.close.size(); ++t) bars.close[t] *= 2;  // 1700 deviations
  for (const double p : expansion_posterior(bars, model)) {
    ASSERT_GE(p, 0.0);
    ASSERT_LE(p, 1.0);
  }
}

TEST(MarketPosterior, BadInputIsNamed) {
  const MarketModel model;
  Bars bars = simulate_market(10, 1, model).bars;
  MarketModel still = model;
  still.regimes[2].volatility = 0;
  expect_error([&] { expansion_posterior(bars, still); }, {"without volatility"});
  expect_error([&] { expansion_posterior(bars, with_strength(11)); }, {"strength"});
  bars.close[4] = 0;
  expect_error([&] { expansion_posterior(bars, model); }, {"row 4"});
  bars.close[4] = std::numeric_limits<double>::quiet_NaN();
  expect_error([&] { expansion_posterior(bars, model); }, {"row 4"});
  EXPECT_TRUE(expansion_posterior(Bars{}, model).empty());
  bars.close[4] = 20000;
  std::swap(bars.high[6], bars.low[6]);
  EXPECT_EQ(expansion_posterior(bars, model).size(), 10u);
  expect_error([&] { expansion_posterior(bars, model, Sight::bars); }, {"row 6", "below its low"});
  bars.open[5] = -1;
  expect_error([&] { expansion_posterior(bars, model, Sight::bars); }, {"open of row 5"});
}

}  // namespace
}  // namespace spanlab
