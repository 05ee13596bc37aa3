// Efficiency features: net change of the price divided by the distance that it travelled.
#pragma once

#include "spanlab/features/recent_bars.h"

namespace spanlab {

/// [-1, 1]: 1 = every bar closed higher, -1 = every bar lower, near 0 = to and fro.
struct EfficiencyFeatures {
  double over_5, over_10, over_20;
};

/// Kaufman's efficiency ratio (Kaufman 1995, Smarter Trading) with the sign of the move: the change
/// over `bars` bars over the sum of the absolute returns on the way.
inline double efficiency(const RecentBars& recent, int bars) {
  return in_units(recent.change(bars), recent.mean_move(bars) * recent.reach(bars), 1.0);
}

inline EfficiencyFeatures efficiency_features(const RecentBars& recent) {
  return {efficiency(recent, 5), efficiency(recent, 10), efficiency(recent, 20)};
}

}  // namespace spanlab
