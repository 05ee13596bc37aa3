// Draws stay after stay, and in each stay bar after bar from a path of small steps.
#include "spanlab/market/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "spanlab/base/error.h"
#include "spanlab/base/random.h"

namespace spanlab {
namespace {

// Separate numbers for each bar and for each stay: neither depends on how many were drawn before.
RandomStream stream_of_bar(uint64_t seed, int64_t row) {
  return {seed, Purpose::market, 0, static_cast<uint32_t>(row)};
}
RandomStream stream_of_stay(uint64_t seed, size_t number) {
  return {seed, Purpose::market, 1, static_cast<uint32_t>(number)};
}

template <class Weights>
size_t draw_index(RandomStream& random, const Weights& probabilities) {
  double left = random.uniform();
  size_t last_possible = 0;
  for (size_t k = 0; k < probabilities.size(); ++k) {
    if (probabilities[k] <= 0) continue;
    if (left < probabilities[k]) return k;
    left -= probabilities[k];
    last_possible = k;
  }
  return last_possible;  // the sum fell short of 1 by rounding
}

// The hidden chain.
class StayChain {
 public:
  StayChain(const MarketModel& model, uint64_t seed) : model_(model), seed_(seed) {
    for (size_t k = 0; k < kRegimes; ++k) {
      lengths_[k] = length_probabilities(model.regimes[k].length);
    }
  }

  // The stay that begins at `first_row`; the market opens quiet.
  MarketStay next(int64_t first_row) {
    RandomStream random = stream_of_stay(seed_, number_);
    if (number_++ > 0) {
      const auto from = static_cast<size_t>(regime_);
      regime_ = static_cast<Regime>(draw_index(random, model_.next[from]));
      if (from == static_cast<size_t>(Regime::quiet)) direction_ = random.below(2) == 0 ? 1 : -1;
    }
    if (regime_ == Regime::quiet) direction_ = 0;
    const auto to = static_cast<size_t>(regime_);
    const auto beyond_shortest = static_cast<int64_t>(draw_index(random, lengths_[to]));
    const int64_t length = model_.regimes[to].length.shortest + beyond_shortest;
    double strength = 0;
    if (regime_ == Regime::expansion) {
      strength = model_.strength * model_.strength_levels[random.below(3)];
    }
    return {.rows = {first_row, first_row + length},
            .regime = regime_,
            .direction = direction_,
            .strength = strength};
  }

 private:
  const MarketModel& model_;
  uint64_t seed_;
  std::array<std::vector<double>, kRegimes> lengths_;
  size_t number_ = 0;
  Regime regime_ = Regime::quiet;
  int direction_ = 0;
};

// The price and its volatility, one bar at a time.
class PricePath {
 public:
  PricePath(const MarketModel& model, uint64_t seed)
      : model_(model), seed_(seed), close_(rounded(model.start_price)) {}

  // Mean and standard deviation of the bar's log return are `drift` and `volatility` times s_t.
  Bar next(int64_t row, double drift, double volatility) {
    RandomStream random = stream_of_bar(seed_, row);
    const double s = model_.bar_volatility * std::sqrt(h_);
    const double step_mean = drift * s / model_.path_steps;
    const double step_deviation = volatility * s / std::sqrt(model_.path_steps);
    double x = 0, first = 0, low = 0, high = 0;  // log price since the close before
    for (int step = 0; step < model_.path_steps; ++step) {
      x += step_mean + step_deviation * random.normal();
      if (step == 0) first = low = high = x;
      low = std::min(low, x);
      high = std::max(high, x);
    }
    const double before = close_;
    const auto price = [&](double log_change) { return rounded(before * std::exp(log_change)); };
    const Bar bar{model_.start_ms + row * model_.bar_ms, price(first), price(high), price(low),
                  price(x)};
    close_ = bar.close;
    const double shock = std::log(close_ / before) / model_.bar_volatility;
    const double a = model_.shock_weight, b = model_.memory;
    h_ = std::clamp(1 - a - b + a * shock * shock + b * h_, model_.h_low, model_.h_high);
    return bar;
  }

 private:
  double rounded(double price) const {
    return std::max(1.0, std::round(price * model_.ticks_per_unit)) / model_.ticks_per_unit;
  }

  const MarketModel& model_;
  uint64_t seed_;
  double close_;
  double h_ = 1;
};

void require(bool holds, const char* what, const char* hint) {
  if (!holds) throw Error(fmt::format("no market can be simulated: {}", what), hint);
}

void append(const Bar& bar, Bars& series) {
  series.time_ms.push_back(bar.time_ms);
  series.open.push_back(bar.open);
  series.high.push_back(bar.high);
  series.low.push_back(bar.low);
  series.close.push_back(bar.close);
}

}  // namespace

void check_market_model(const MarketModel& model) {
  require(model.strength >= 0 && model.strength <= 10, "the strength is not in 0 .. 10",
          "1.5 is the default, 3 is easy");
  require(model.bar_volatility > 0 && model.start_price > 0 && model.ticks_per_unit > 0 &&
              model.bar_ms > 0 && model.path_steps > 0,
          "volatility, prices, ticks, bar size and path steps must be above 0",
          "begin with the defaults");
  for (const RegimeModel& regime : model.regimes) {
    const StayLength& length = regime.length;
    require(length.shortest >= 1 && length.longest >= length.shortest && length.excess >= 0,
            "a regime has an impossible length", "use 1 <= shortest <= longest and excess >= 0");
  }
  for (const auto& row : model.next) {
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    require(std::abs(sum - 1) < 1e-9 && *std::min_element(row.begin(), row.end()) >= 0,
            "transition probabilities do not sum to 1", "make each row of `next` sum to 1");
  }
}

std::vector<double> length_probabilities(const StayLength& length) {
  const double q = length.excess / (length.excess + 2);
  std::vector<double> p(static_cast<size_t>(length.longest - length.shortest + 1));
  for (size_t k = 0; k < p.size(); ++k) {
    p[k] = static_cast<double>(k + 1) * std::pow(q, static_cast<double>(k));
  }
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& v : p) v /= sum;
  return p;
}

SimulatedMarket simulate_market(int64_t bars, uint64_t seed, const MarketModel& model) {
  require(bars >= 1 && bars <= 1'000'000'000, "the number of bars is not in 1 .. 1000000000",
          "ask for fewer or more bars");
  check_market_model(model);
  SimulatedMarket market;
  market.bars.bar_ms = bars > 1 ? model.bar_ms : 0;
  StayChain chain(model, seed);
  PricePath path(model, seed);
  Regime before = Regime::quiet;
  for (int64_t row = 0; row < bars;) {
    MarketStay stay = chain.next(row);
    const bool whole = stay.rows.end <= bars;
    stay.rows.end = std::min(stay.rows.end, bars);
    const RegimeModel& regime = model.regimes[static_cast<size_t>(stay.regime)];
    const bool expands = stay.regime == Regime::expansion;
    const double drift = stay.direction * (expands ? stay.strength : regime.drift);
    for (; row < stay.rows.end; ++row) {
      append(path.next(row, drift, regime.volatility), market.bars);
    }
    if (expands && whole) {
      market.spans.push_back(
          {.start_row = stay.rows.begin,
           .end_row = stay.rows.end - 1,
           .direction = stay.direction > 0 ? Direction::up : Direction::down,
           .type = before == Regime::pullback ? SpanType::retracement : SpanType::consolidation,
           .score = stay.strength});
    }
    market.stays.push_back(stay);
    before = stay.regime;
  }
  return market;
}

}  // namespace spanlab
