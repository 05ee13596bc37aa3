// A series with prices upside down: rises become falls.
#pragma once

#include "spanlab/bars/bars.h"

namespace spanlab {

/// Every price p becomes c - p, highs and lows change places; c = highest high + lowest low keeps
/// all prices above 0 and in their range. Times stay.
class Mirror {
 public:
  /// The mirror of a series, which must have bars.
  explicit Mirror(const Bars& series);
  Bar operator()(const Bar& bar) const {
    return {bar.time_ms, sum_ - bar.open, sum_ - bar.low, sum_ - bar.high, sum_ - bar.close};
  }

 private:
  double sum_;  // c
};

/// All bars in their mirror; volumes stay.
Bars mirrored(const Bars& series);

}  // namespace spanlab
