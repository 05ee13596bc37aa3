// Resampling whole groups of windows, and percentiles of what comes out.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/metrics/metrics.h"

namespace spanlab {

/// Windows of one group share bars, so they are drawn together: as many groups as there are, with
/// replacement. Draw k is a function of (seed, k) alone.
class GroupBootstrap {
 public:
  /// `group`: [N], any numbers.
  GroupBootstrap(std::span<const int> group, uint64_t seed);

  int groups() const { return groups_; }

  /// How often each window counts in draw k, [N].
  std::vector<double> weights(int draw) const;

 private:
  uint64_t seed_;
  int groups_ = 0;
  std::vector<int> group_of_;  // [N] 0 .. groups - 1
};

/// `value` with the 2.5 % and 97.5 % quantiles of the draws that are not NaN (linear between order
/// statistics): the percentile interval of Efron. NaN limits where `value` is NaN or no draw is
/// left.
Interval percentile_interval(double value, std::vector<double> draws);

}  // namespace spanlab
