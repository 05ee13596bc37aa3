// Volatility features: the size of a bar relative to the bars before it. Range average and ATR.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "spanlab/bars/bars.h"
#include "spanlab/features/candle.h"

namespace spanlab {

/// Bar range over its exponential moving average of 20 bars, which the bar itself has entered.
class RangeAverage {
 public:
  /// range_z, [0, 3].
  double push(const Bar& bar) {
    const double range = bar.high - bar.low;
    average_ = started_ ? kWeight * range + (1.0 - kWeight) * average_ : range;
    started_ = true;
    return std::clamp(range / std::max(average_, kSmallestRange), 0.0, kLargest);
  }

  static constexpr double kLargest = 3.0;

 private:
  static constexpr double kWeight = 2.0 / 21.0;
  double average_ = 0.0;  // price units
  bool started_ = false;
};

/// Average true range (Wilder 1978), as the plain mean of the last 10 true ranges, or of those
/// there are. The first bar has no previous close and so no true range.
class AverageTrueRange {
 public:
  /// The average in price units, this bar included; 0 on the first bar and exactly 0 as long as
  /// nothing moves.
  double push(const Bar& bar) {
    const double previous = previous_close_;
    previous_close_ = bar.close;
    if (first_) {
      first_ = false;
      return 0.0;
    }
    ring_[static_cast<size_t>(next_)] =
        std::max({bar.high - bar.low, std::abs(bar.high - previous), std::abs(bar.low - previous)});
    next_ = next_ + 1 == kBars ? 0 : next_ + 1;
    held_ = std::min(held_ + 1, kBars);
    // Summed afresh: a running sum keeps the rounding of a large bar that has left it, and a flat
    // market would never be exactly 0 again. Unused places are 0. Two chains halve the latency.
    double even = 0.0, odd = 0.0;
    for (size_t k = 0; k < kBars; k += 2) {
      even += ring_[k];
      odd += ring_[k + 1];
    }
    return (even + odd) / held_;
  }

 private:
  static constexpr int kBars = 10;
  std::array<double, kBars> ring_{};  // true ranges, price units
  double previous_close_ = 0.0;
  bool first_ = true;
  int next_ = 0;  // place of the next true range in the ring
  int held_ = 0;  // true ranges in the ring
};

}  // namespace spanlab
