// Normal steps: the open is the first one, the close the sum of all, the range lies between them.
#include "spanlab/market/bar_likelihood.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "spanlab/base/error.h"

namespace spanlab {
namespace {

// log P(low < z < high) of a standard normal z.
double log_normal_mass(double low, double high) {
  if (low + high > 0) {  // the mirror image, where the two terms are small and keep their digits
    const double mirrored = -low;
    low = -high;
    high = mirrored;
  }
  const double root = std::numbers::sqrt2;
  const double mass = (std::erfc(-high / root) - std::erfc(-low / root)) / 2;
  if (mass > 1e-290) return std::log(mass);
  // P(z < x) ~ density(x) / |x| far out (Mills' ratio).
  const double beyond = std::exp((high * high - low * low) / 2) * high / low;
  return -high * high / 2 - std::log(2 * std::numbers::pi) / 2 - std::log(-high) +
         std::log1p(-beyond);
}

// log P(low < x < high) of a normal x.
double log_mass(double low, double high, double mean, double deviation) {
  return log_normal_mass((low - mean) / deviation, (high - mean) / deviation);
}

void check_price(double price, const char* name, size_t row) {
  if (price > 0 && std::isfinite(price)) return;
  throw Error(fmt::format("the {} of row {} is {}, not a price", name, row, price),
              "give the bars of a simulated market");
}

void check(const Bars& bars, Sight sight) {
  for (size_t t = 0; t < bars.close.size(); ++t) {
    check_price(bars.close[t], "close", t);
    if (sight == Sight::closes) continue;
    check_price(bars.open[t], "open", t);
    check_price(bars.high[t], "high", t);
    check_price(bars.low[t], "low", t);
    if (bars.high[t] >= bars.low[t]) continue;
    throw Error(fmt::format("the high of row {} lies below its low", t),
                "give the bars of a simulated market");
  }
}

}  // namespace

BarLikelihood::BarLikelihood(const Bars& bars, const MarketModel& model, Sight sight)
    : path_steps_(model.path_steps) {
  check(bars, sight);
  if (sight == Sight::bars) range_law_.emplace(model.path_steps);
  const double half_tick = 0.5 / model.ticks_per_unit, lowest_price = 1 / model.ticks_per_unit;
  double before =
      std::max(1.0, std::round(model.start_price * model.ticks_per_unit)) / model.ticks_per_unit;
  const auto rounded = [&](double price) -> Rounded {
    const double low = price > lowest_price ? std::log((price - half_tick) / before)
                                            : -std::numeric_limits<double>::infinity();
    return {low, std::log(price / before), std::log((price + half_tick) / before)};
  };
  double h = 1;
  moves_.reserve(bars.close.size());
  for (size_t t = 0; t < bars.close.size(); ++t) {
    Moves moves{rounded(bars.close[t]), {}, 0, model.bar_volatility * std::sqrt(h)};
    if (range_law_) {
      moves.open = rounded(bars.open[t]);
      const double range = std::log(bars.high[t] / bars.low[t]);
      const double excess = range - std::abs(moves.close.at - moves.open.at);
      const bool none = excess * bars.close[t] < half_tick;  // 0 but for rounding
      moves.excess = none ? 0 : excess;
    }
    moves_.push_back(moves);
    const double shock = moves.close.at / model.bar_volatility;
    h = std::clamp(1 - model.shock_weight - model.memory + model.shock_weight * shock * shock +
                       model.memory * h,
                   model.h_low, model.h_high);
    before = bars.close[t];
  }
}

double BarLikelihood::log_of(size_t row, double drift, double volatility) const {
  const Moves& m = moves_[row];
  const double mean = drift * m.s, deviation = volatility * m.s;
  if (!range_law_) return log_mass(m.close.low, m.close.high, mean, deviation);
  const double first = 1 / path_steps_, rest = 1 - first;  // shares of the path
  return log_mass(m.open.low, m.open.high, first * mean, std::sqrt(first) * deviation) +
         log_mass(m.close.low - m.open.at, m.close.high - m.open.at, rest * mean,
                  std::sqrt(rest) * deviation) +
         log_of_range(m, deviation);
}

double BarLikelihood::log_of_range(const Moves& m, double deviation) const {
  const double move = (m.close.at - m.open.at) / deviation;
  if (m.excess > 0) {
    return std::log(range_law_->excess_density(move, m.excess / deviation) / deviation);
  }
  // An excess below about half a tick is rounded to none.
  const double half_tick = (m.close.high - m.close.at) / deviation;
  return std::log(range_law_->no_excess(move) + half_tick * range_law_->excess_density(move, 0));
}

}  // namespace spanlab
