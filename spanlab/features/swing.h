// Swing features: a causal zigzag of swing highs and lows, and the distance to the last ones.
#pragma once

#include <algorithm>
#include <cstdint>

#include "spanlab/bars/bars.h"

namespace spanlab {

/// Distances to the last confirmed swings, and the trend, after a bar. Without unit.
struct SwingFeatures {
  double dist_to_prev_high, dist_to_prev_low;  ///< in ATRs, [-3, 3]; 0 before the first swing
  double bars_since_high, bars_since_low;      ///< in window lengths, [0, 3]; 0 before the first
  double trend;                                ///< +1 up, -1 down, 0 not yet known
};

/// Follows the price to its extreme and confirms that extreme as a swing when the close has come
/// back by 1.2 ATR, or when a fresh extreme (at most 5 bars old) is left by 0.5 ATR within a bar.
/// A confirmed swing never changes.
class Zigzag {
 public:
  explicit Zigzag(int window_length) : window_length_(window_length) {}

  /// `atr`: average true range in price units, this bar included.
  SwingFeatures push(const Bar& bar, double atr) {
    if (trend_ != 0) {
      follow(bar);
      if (atr != 0.0 && confirmed(bar, atr)) turn(bar);
    } else if (atr > 0.0) {
      extreme_ = {index_, bar.close};
      trend_ = 1;
    }
    const SwingFeatures features = distances(bar.close, atr);
    ++index_;
    return features;
  }

 private:
  static constexpr double kReversal = 1.2;       // ATRs from the extreme to the close
  static constexpr double kQuickReversal = 0.5;  // ATRs from the candidate to the bar's far end
  static constexpr int64_t kQuickBars = 5;       // age up to which a candidate counts
  static constexpr double kSmallestAtr = 1e-8;   // price units, stands for an ATR of 0
  static constexpr double kLargest = 3.0;
  static constexpr int64_t kNever = -1;

  struct Swing {
    int64_t index = kNever;  // bars since the first one seen
    double price = 0.0;
  };

  // The extreme is the trend's furthest price since it began. The candidate is the same, except
  // that the bar which sets the first trend sets none.
  void follow(const Bar& bar) {
    const double price = trend_ > 0 ? bar.high : bar.low;
    const double beyond = trend_ > 0 ? price - extreme_.price : extreme_.price - price;
    if (beyond > 0.0) extreme_ = {index_, price};
    const double past = trend_ > 0 ? price - candidate_.price : candidate_.price - price;
    if (candidate_.index == kNever || past > 0.0) candidate_ = {index_, price};
  }

  bool confirmed(const Bar& bar, double atr) const {
    const double back = trend_ > 0 ? extreme_.price - bar.close : bar.close - extreme_.price;
    if (back >= kReversal * atr) return true;
    const double left = trend_ > 0 ? candidate_.price - bar.low : bar.high - candidate_.price;
    return index_ - candidate_.index <= kQuickBars && left >= kQuickReversal * atr;
  }

  void turn(const Bar& bar) {
    (trend_ > 0 ? high_ : low_) = extreme_;
    trend_ = -trend_;
    extreme_ = candidate_ = {index_, trend_ > 0 ? bar.high : bar.low};
  }

  SwingFeatures distances(double close, double atr) const {
    const double unit = atr == 0.0 ? kSmallestAtr : atr;
    SwingFeatures f{0.0, 0.0, 0.0, 0.0, static_cast<double>(trend_)};
    if (high_.index != kNever) {
      f.dist_to_prev_high = std::clamp((high_.price - close) / unit, -kLargest, kLargest);
      f.bars_since_high = windows_since(high_);
    }
    if (low_.index != kNever) {
      f.dist_to_prev_low = std::clamp((close - low_.price) / unit, -kLargest, kLargest);
      f.bars_since_low = windows_since(low_);
    }
    return f;
  }

  double windows_since(const Swing& swing) const {
    return std::min(static_cast<double>(index_ - swing.index) / window_length_, kLargest);
  }

  int window_length_;
  int trend_ = 0;
  int64_t index_ = 0;
  Swing extreme_, candidate_, high_, low_;
};

}  // namespace spanlab
