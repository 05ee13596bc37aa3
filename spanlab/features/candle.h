// Candle features: the shape of one bar. No state.
#pragma once

#include <algorithm>
#include <cmath>

#include "spanlab/bars/bars.h"

namespace spanlab {

/// Smallest range, in price units, that a ratio divides by: a flat bar gives 0, not 0/0.
inline constexpr double kSmallestRange = 1e-6;

/// Where a bar opens and closes in its range, and how it fills it. Without unit.
struct CandleFeatures {
  double open_norm, close_norm;           ///< [0, 1], 0 = low, 1 = high
  double body_pct;                        ///< [-1, 1], the sign is the bar's direction
  double upper_wick_pct, lower_wick_pct;  ///< [0, 1]
};

inline CandleFeatures candle_features(const Bar& bar) {
  const double range = std::max(bar.high - bar.low, kSmallestRange);
  const double top = std::max(bar.open, bar.close);
  const double bottom = std::min(bar.open, bar.close);
  return {std::clamp((bar.open - bar.low) / range, 0.0, 1.0),
          std::clamp((bar.close - bar.low) / range, 0.0, 1.0),
          std::clamp((bar.close - bar.open) / range, -1.0, 1.0),
          std::clamp((bar.high - top) / range, 0.0, 1.0),
          std::clamp((bottom - bar.low) / range, 0.0, 1.0)};
}

}  // namespace spanlab
