// A window with the bars around it, and the size of a bar relative to its neighbours.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/bars/bars.h"

namespace spanlab {

/// Bars that a causal scale covers, as far as they exist without a gap. So many bars on one side
/// are what the hindsight rule takes on either.
inline constexpr int kScaleBars = 60;

/// A window and the bars before and after it, none from beyond a gap. Places count from the first
/// of these bars; the window begins at place `lead`.
struct Surroundings {
  int lead = 0;                    ///< bars before the window
  int count = 0;                   ///< all bars
  std::vector<double> close;       ///< [count] price units
  std::vector<double> change;      ///< [count] close less the close before; 0 at place 0
  std::vector<double> range;       ///< [count] high less low
  std::vector<double> true_range;  ///< [count] Wilder 1978; high less low at place 0

  /// Close at place i less that of k places before, or of the first place there is. Price units.
  double move(int i, int k) const;
};

/// The window, which must lie in the series, with at most `before` bars before and `behind` bars
/// after it.
Surroundings surroundings(const Bars& series, BarRange window, int before, int behind = 0);

/// Mean of |values| over the places first .. last that exist, summed afresh: a running sum would
/// keep the rounding of a large value. At least 1e-9, as a flat market has a scale too.
double mean_size(const std::vector<double>& values, int first, int last);

}  // namespace spanlab
