// Scaled candle features: body and wicks of a bar relative to the market's usual step.
#pragma once

#include <algorithm>

#include "spanlab/features/recent_bars.h"

namespace spanlab {

/// In units of the scale, unlike the shares of the bar's own range in candle.h: a large bar differs
/// from a small one of the same shape.
struct ScaledCandleFeatures {
  double body;                    ///< [-15, 15], the sign is the bar's direction
  double upper_wick, lower_wick;  ///< [0, 15]
};

inline ScaledCandleFeatures scaled_candle_features(const RecentBars& recent) {
  const Bar& bar = recent.bar();
  const double top = std::max(bar.open, bar.close);
  const double bottom = std::min(bar.open, bar.close);
  return {in_units(bar.close - bar.open, recent.scale()),
          std::max(in_units(bar.high - top, recent.scale()), 0.0),
          std::max(in_units(bottom - bar.low, recent.scale()), 0.0)};
}

}  // namespace spanlab
