// A simulated market: regimes that follow each other, expansions of known place among them.
//
// The model is a hidden semi-Markov chain. A stay in one regime has a random length; then the chain
// moves on. Given the regime, the log return of close t over close t-1 (as rounded in the file) is
//
//   r_t ~ Normal(direction * drift * s_t, (volatility * s_t)^2),   s_t = bar_volatility * sqrt(h_t)
//   h_{t+1} = clamp(1 - a - b + a (r_t / bar_volatility)^2 + b h_t, h_low, h_high),  h_0 = 1
//
// with drift and volatility of the regime; an expansion's drift is its strength. s_t depends on
// past closes only, and everything hidden (regime, time in it, direction, strength level) is
// discrete: the probability of every regime given the closes can be computed exactly by
// forward-backward (bayes_ceiling.h).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/spans.h"

namespace spanlab {

enum class Regime : uint8_t { quiet, trend, pullback, expansion };
inline constexpr int kRegimes = 4;

/// How many bars a regime lasts: P(n) ~ (n - shortest + 1) q^(n - shortest), shortest <= n <=
/// longest, q = e / (e + 2), which puts the mean at shortest + e but for the cut at `longest`.
struct StayLength {
  int shortest;   ///< bars
  int longest;    ///< bars
  double excess;  ///< e, bars
};
/// Probabilities of the lengths shortest, shortest + 1, .. longest; their sum is 1.
std::vector<double> length_probabilities(const StayLength& length);

struct RegimeModel {
  double drift;       ///< along the direction, in s_t a bar; of an expansion: see `strength`
  double volatility;  ///< in s_t
  StayLength length;
};

/// All parameters of the market. The defaults give one expansion in about 96 bars.
struct MarketModel {
  /// Mean drift of an expansion, in s_t a bar: at 0 it cannot be told from noise, at 3 hardly be
  /// missed. Each expansion draws one of the levels below, equally likely, times this.
  double strength = 1.5;
  std::array<double, 3> strength_levels = {0.75, 1.0, 1.25};

  /// By Regime. A trend and the pullbacks in it share the trend's direction; quiet has none.
  std::array<RegimeModel, kRegimes> regimes = {{{0.0, 0.7, {12, 200, 33}},
                                                {0.15, 1.0, {8, 150, 22}},
                                                {-0.45, 0.9, {6, 60, 9}},
                                                {1.0, 1.0, {3, 15, 3.5}}}};
  /// next[from][to]. On leaving quiet, both directions are equally likely; else it is kept: an
  /// expansion after a pullback continues with the trend.
  std::array<std::array<double, kRegimes>, kRegimes> next = {
      {{0.0, 0.4, 0.0, 0.6}, {0.3, 0.0, 0.7, 0.0}, {0.2, 0.3, 0.0, 0.5}, {0.6, 0.4, 0.0, 0.0}}};
  double bar_volatility = 0.0004;  ///< log return
  double shock_weight = 0.03;      ///< a
  double memory = 0.95;            ///< b
  double h_low = 0.2, h_high = 5.0;

  int path_steps = 32;  ///< trades in a bar; open, high, low, close are taken from their path
  double start_price = 20000;
  double ticks_per_unit = 4;         ///< prices are whole multiples of 1 / ticks_per_unit
  int64_t start_ms = 1704067200000;  ///< 2024-01-01 00:00:00
  int64_t bar_ms = 60000;
};

/// Throws Error if no market can be simulated: strength not in 0 .. 10, or another parameter that
/// makes none.
void check_market_model(const MarketModel& model);

/// One stay in a regime, the truth behind the bars.
struct MarketStay {
  BarRange rows;
  Regime regime;
  int direction;    ///< +1 or -1; 0 in quiet
  double strength;  ///< drift of an expansion in s_t a bar; 0 in other regimes

  bool operator==(const MarketStay&) const = default;
};

struct SimulatedMarket {
  Bars bars;                      ///< no volume
  std::vector<MarketStay> stays;  ///< all rows, in order; the last one is cut by the end
  /// The expansions in order; one cut by the end is not listed. One that began in a pullback is a
  /// retracement. The score is the strength: its drift in s_t a bar.
  std::vector<Span> spans;
};

/// `bars` bars from `seed`. The same seed and model give the same bars, and a longer market begins
/// with the bars of a shorter one. Throws Error (bars not in 1 .. 1e9, or see check_market_model).
SimulatedMarket simulate_market(int64_t bars, uint64_t seed, const MarketModel& model = {});

}  // namespace spanlab
