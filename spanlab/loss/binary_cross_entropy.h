// Binary cross-entropy of the span task, on probabilities.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace spanlab {

/// Mean of -[w y ln p + (1 - y) ln(1 - p)], p clamped to [1e-7, 1 - 1e-7].
///   p [count] probabilities, y [count] 0 or 1, w: weight of the positives
///   gradient [count] out: of the mean, with respect to p; 0 where the clamp holds
template <class Real, class Target>
double binary_cross_entropy(int64_t count, const Real* p, const Target* y, double w,
                            Real* gradient) {
  constexpr double kClamp = 1e-7;
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    const double raw = p[i];
    // Not std::clamp: a value that is not a number must stay one.
    const double q = raw < kClamp ? kClamp : raw > 1 - kClamp ? 1 - kClamp : raw;
    const double positive = w * static_cast<double>(y[i]), negative = 1 - static_cast<double>(y[i]);
    if (positive != 0) sum -= positive * std::log(q);
    if (negative != 0) sum -= negative * std::log(1 - q);
    const double slope = negative / (1 - q) - positive / q;
    gradient[i] =
        static_cast<Real>((raw != q && !std::isnan(raw)) ? 0 : slope / static_cast<double>(count));
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

}  // namespace spanlab
