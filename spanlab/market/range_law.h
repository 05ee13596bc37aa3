// The distribution of a simulated bar's range, given its open and close.
#pragma once

#include <vector>

namespace spanlab {

/// A bar is a walk of path_steps normal steps from the close before; the open is where the first
/// step ends, the last step ends at the close. Given both, drift does not matter and the range
/// (high - low) depends on volatility alone. All moves and ranges here are in standard deviations
/// of a whole bar, so that a step has the deviation 1 / sqrt(path_steps).
///
/// With positive probability there is no excess: the range is |close - open|, one end of the bar
/// being its open and the other its close. Else it has a density.
///
/// E[max(0, W - range); close - open = d] is the integral over u of the density of walks from u to
/// u + d that stay in 0..W: its second derivative in W is the density of the range. Computed on a
/// grid of 2.5 cells a step and interpolated.
class RangeLaw {
 public:
  /// Throws Error if path_steps is not in 2 .. 64.
  explicit RangeLaw(int path_steps);

  /// P(range = |move| | close - open = move).
  double no_excess(double move) const;
  /// Density of excess = range - |move| above 0, given close - open = move; its integral is
  /// 1 - no_excess(move). Constant beyond an excess of 3.5 and a move of 5, never 0.
  double excess_density(double move, double excess) const;

 private:
  double cell_;
  std::vector<double> none_;     // [moves]
  std::vector<double> density_;  // [moves, excesses], at excess = cell, 2 cells, ..
  int excesses_;
};

}  // namespace spanlab
