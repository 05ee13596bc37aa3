// Channel features: where the close is between the highest high and the lowest low of recent bars.
#pragma once

#include "spanlab/features/recent_bars.h"

namespace spanlab {

/// [-1, 1]: 1 = at the highest high, -1 = at the lowest low.
struct ChannelFeatures {
  double over_10, over_30, over_60;
};

/// Place of the close in the range of the last `bars` bars (Lane's stochastic oscillator, mapped
/// from [0, 1] to [-1, 1]); 0 if the range is 0.
inline double channel(const RecentBars& recent, int bars) {
  const double high = recent.highest(bars), low = recent.lowest(bars);
  const double close = recent.bar().close;
  return in_units((close - low) - (high - close), high - low, 1.0);
}

inline ChannelFeatures channel_features(const RecentBars& recent) {
  return {channel(recent, 10), channel(recent, 30), channel(recent, 60)};
}

}  // namespace spanlab
