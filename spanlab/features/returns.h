// Return features: the change of the price over several horizons, relative to its usual step.
#pragma once

#include <algorithm>
#include <cmath>

#include "spanlab/features/recent_bars.h"

namespace spanlab {

/// In units of the scale. Without unit.
struct ReturnFeatures {
  double over_1, over_3, over_5, over_8, over_13;  ///< [-15, 15]
  double true_range;                               ///< [0, 15]
};

/// Change of the close over `bars` bars (or as far back as there are any) over scale sqrt(bars): on
/// a random walk all horizons are equally large, so what stands out is a move in one direction.
inline double scaled_return(const RecentBars& recent, int bars) {
  const double steps = std::sqrt(static_cast<double>(recent.reach(bars)));
  return in_units(recent.change(bars), recent.scale() * steps);
}

inline ReturnFeatures return_features(const RecentBars& recent) {
  return {scaled_return(recent, 1),  scaled_return(recent, 3),
          scaled_return(recent, 5),  scaled_return(recent, 8),
          scaled_return(recent, 13), std::max(in_units(recent.true_range(), recent.scale()), 0.0)};
}

}  // namespace spanlab
