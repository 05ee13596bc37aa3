// Interval of a figure that was measured on several splits of the same windows.
#pragma once

#include <span>

#include "spanlab/measure/metrics.h"

namespace spanlab {

/// Mean with a 95 % interval of k values from k splits, each with `test_share` (in (0, 1)) of the
/// windows held out. The training sets overlap, so the variance of the mean is taken as
/// (1/k + n_test/n_train) s^2 and the limits from Student's t with k - 1 degrees of freedom (Nadeau
/// and Bengio, "Inference for the generalization error", Machine Learning 52, 2003). Values that
/// are NaN are left out; without limits (NaN) below two values. Throws Error if `test_share` is out
/// of range.
Interval repeated_cv_interval(std::span<const double> values, double test_share);

/// t with P(|T| <= t) = `level` (in (0, 1)) for Student's T with `freedom` >= 1 degrees of freedom.
double student_quantile(double level, int freedom);

}  // namespace spanlab
