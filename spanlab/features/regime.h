// Regime features: whether the market moves more or less than over the last 120 bars.
#pragma once

#include <algorithm>
#include <cmath>

#include "spanlab/features/recent_bars.h"

namespace spanlab {

/// Without unit.
struct RegimeFeatures {
  double volatility_10, volatility_30;  ///< [-3, 3], 0 = as usual, log 2 = twice as much
  double range_10;                      ///< [0, 15]
};

/// Logarithm of the mean absolute return of the last `bars` bars over the scale, [-3, 3]; 0 in a
/// market that has not moved at all.
inline double log_volatility(const RecentBars& recent, int bars) {
  constexpr double kLargest = 3.0;
  if (!(recent.scale() > 0.0) || std::isinf(recent.scale())) return 0.0;
  return std::clamp(std::log(recent.mean_move(bars) / recent.scale()), -kLargest, kLargest);
}

inline RegimeFeatures regime_features(const RecentBars& recent) {
  constexpr int kRangeBars = 10;
  const double range = recent.highest(kRangeBars) - recent.lowest(kRangeBars);
  return {
      log_volatility(recent, 10), log_volatility(recent, 30),
      std::max(in_units(range, recent.scale() * std::sqrt(static_cast<double>(kRangeBars))), 0.0)};
}

}  // namespace spanlab
