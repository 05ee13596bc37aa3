// The memory of the second set of features: the last 120 returns and the last 60 bars.
#pragma once

#include <algorithm>
#include <cmath>

#include "spanlab/bars/bars.h"
#include "spanlab/features/recent_values.h"

namespace spanlab {

/// The latest bars, as the families of the second set read them. All is computed afresh from these
/// at every bar: nothing of an older bar is left in any sum.
class RecentBars {
 public:
  static constexpr int kScaleReturns = 120;  ///< returns that the scale is the mean of
  static constexpr int kRanges = 60;         ///< bars whose high and low are remembered
  static constexpr int kCloses = 21;         ///< closes remembered: returns over up to 20 bars

  void push(const Bar& bar) {
    true_range_ = bar.high - bar.low;
    if (closes_.size() > 0) {
      const double previous = closes_.ago(0);
      true_range_ =
          std::max({true_range_, std::abs(bar.high - previous), std::abs(bar.low - previous)});
      moves_.push(std::abs(bar.close - previous));
    }
    closes_.push(bar.close);
    highs_.push(bar.high);
    lows_.push(bar.low);
    bar_ = bar;
    scale_ = mean_move(kScaleReturns);
  }

  /// The latest bar.
  const Bar& bar() const { return bar_; }
  /// The market's scale, price units: mean absolute return of the last 120 bars, or of those there
  /// are; 0 while there is none or nothing moves_.
  double scale() const { return scale_; }
  /// True range of the latest bar (Wilder 1978), price units.
  double true_range() const { return true_range_; }
  /// Mean absolute return of the last `bars` bars, or of those there are, price units.
  double mean_move(int bars) const {
    const int count = std::min(bars, moves_.size());
    return mean_of(moves_.last(count), count);
  }
  /// Bars that a look back over `bars` bars reaches: fewer at the beginning.
  int reach(int bars) const { return std::min(bars, moves_.size()); }
  /// Close minus the close reach(`bars`) bars ago, price units; `bars` is at most 20.
  double change(int bars) const { return closes_.ago(0) - closes_.ago(reach(bars)); }
  /// Highest high and lowest low of the last `bars` (at most 60) bars, or of those there are.
  double highest(int bars) const {
    const int count = std::min(bars, highs_.size());
    return largest_of(highs_.last(count), count);
  }
  double lowest(int bars) const {
    const int count = std::min(bars, lows_.size());
    return smallest_of(lows_.last(count), count);
  }
  /// The return `age` (below 20) bars ago, price units; 0 if there is none so far back.
  double return_ago(int age) const {
    return age + 1 < closes_.size() ? closes_.ago(age) - closes_.ago(age + 1) : 0.0;
  }

 private:
  RecentValues<kScaleReturns> moves_;  // absolute returns, price units, as all below
  RecentValues<kCloses> closes_;
  RecentValues<kRanges> highs_, lows_;
  Bar bar_{};
  double scale_ = 0.0, true_range_ = 0.0;
};

/// Largest size of a value in units of the scale.
inline constexpr double kLargestScaled = 15.0;

/// `value` / `unit` (both in price units) within -`largest` .. `largest`; 0 for a unit of 0, and
/// where both are beyond what a double holds.
inline double in_units(double value, double unit, double largest = kLargestScaled) {
  if (!(unit > 0.0)) return 0.0;
  const double ratio = value / unit;
  return std::isnan(ratio) ? 0.0 : std::clamp(ratio, -largest, largest);
}

}  // namespace spanlab
