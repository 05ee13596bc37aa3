// Bars as returns divided by volatility, without any other processing.
#pragma once

#include <span>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/windows/window.h"

namespace spanlab {

inline constexpr int kScaledReturns = 6;

/// For every bar of the chosen windows: the close-to-close change over its mean size, the true
/// range over its mean, and the changes over 3, 5, 8 and 13 bars over the same mean size and the
/// square root of their number. Means are of 60 bars (surroundings.h) and end with the bar itself;
/// they and the changes look at bars before the window, but not across a gap: early bars use what
/// there is. Causal. A probe on features that keep what the bars hold does as well as on these.
/// `chosen`: [N] numbers of windows, each of `length` bars T within the series. Result: [N, T, 6].
std::vector<float> volatility_scaled_returns(const Bars& series, const std::vector<Window>& windows,
                                             std::span<const int> chosen, int length);

}  // namespace spanlab
