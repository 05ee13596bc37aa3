// CUSUM features: whether recent returns have a drift, by cumulative sums.
#pragma once

#include <algorithm>

#include "spanlab/features/recent_bars.h"

namespace spanlab {

/// [0, 15], in units of the scale: 0 = no drift that way.
struct CusumFeatures {
  double up, down;
};

/// One-sided cumulative sums (Page 1954): the largest sum of return / scale - 0.6 (upward; -return
/// for downward) over the last 1, 2, ... 15 bars, at least 0. It is Page's recursion with a past
/// cut at 15 bars, in today's scale, so that it depends on finitely many bars.
inline CusumFeatures cusum_features(const RecentBars& recent) {
  constexpr int kBars = 15;
  constexpr double kSlack = 0.6;  // scales a bar: a drift below it adds nothing
  CusumFeatures features{0.0, 0.0};
  double up = 0.0, down = 0.0;
  for (int age = 0; age < kBars; ++age) {
    const double step = in_units(recent.return_ago(age), recent.scale(), RecentBars::kScaleReturns);
    up += step - kSlack;
    down += -step - kSlack;
    features.up = std::max(features.up, up);
    features.down = std::max(features.down, down);
  }
  return {std::min(features.up, kLargestScaled), std::min(features.down, kLargestScaled)};
}

}  // namespace spanlab
