// Makes probabilities right on average: Platt's map of their log odds, and its fit.
#pragma once

#include <span>

namespace spanlab {

/// p -> 1 / (1 + exp(-(slope ln(p / (1 - p)) + offset))). Monotone for slope > 0, so that ranks
/// stay. Offset 0 is temperature scaling with T = 1 / slope (Guo et al., "On calibration of modern
/// neural networks", ICML 2017); both free is Platt scaling (1999) of the log odds.
struct CalibrationMap {
  double slope = 1;
  double offset = 0;

  /// p in [0, 1]; the ends are taken 1e-6 inside.
  double operator()(double p) const;

  bool operator==(const CalibrationMap&) const = default;
};

/// The map of least log loss on bars with `probability` [bars] and `mask` [bars] 1 inside spans,
/// else 0: Newton's method on a convex problem. With `offset` false only the slope is fitted. A
/// prior of one bar on either side of the truth keeps the map finite where classes separate; a
/// slope below 0.01 becomes 0.01, with the offset that is best with it. Throws Error if the sizes
/// differ, there is no bar or a probability is NaN.
CalibrationMap fit_calibration(std::span<const float> probability, std::span<const float> mask,
                               bool offset = true);

}  // namespace spanlab
