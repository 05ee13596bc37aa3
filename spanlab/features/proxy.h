// Proxy features: products of other features that rise in an expansion or in a consolidation.
#pragma once

#include <algorithm>
#include <cmath>

#include "spanlab/features/candle.h"
#include "spanlab/features/swing.h"
#include "spanlab/features/volatility.h"

namespace spanlab {

/// Large bar with a large body in the direction of the trend: high. Against the trend: negative.
/// [-2, 2].
inline double expansion_proxy(const CandleFeatures& candle, double range_z,
                              const SwingFeatures& swing) {
  return std::clamp(range_z * swing.trend * candle.body_pct, -2.0, 2.0);
}

/// Small bar with a small body and no swing for long: high. [0, 3].
inline double consolidation_proxy(const CandleFeatures& candle, double range_z,
                                  const SwingFeatures& swing) {
  const double calm = 1.0 - range_z / RangeAverage::kLargest;
  const double indecision = 1.0 - std::abs(candle.body_pct);
  const double age = (swing.bars_since_high + swing.bars_since_low) / 2.0;
  return std::clamp(calm * indecision * age, 0.0, 3.0);
}

}  // namespace spanlab
