// Focal loss of single bars, on probabilities.
#pragma once

#include <cmath>
#include <cstdint>

#include "spanlab/loss/binary_cross_entropy.h"

namespace spanlab {

/// Mean of -[w y (1 - p)^gamma ln p + (1 - y) p^gamma ln(1 - p)], p clamped to [1e-7, 1 - 1e-7]:
/// bars that are right already count for less. Lin et al., "Focal loss for dense object detection",
/// ICCV 2017; their alpha is w = alpha / (1 - alpha), up to a factor of 1 - alpha.
///   p [count] probabilities, y [count] 0 to 1, w: weight of the positives, gamma: at least 0
///   gradient [count] out: of the mean, with respect to p; 0 where the clamp holds
template <class Real, class Target>
double focal(int64_t count, const Real* p, const Target* y, double w, double gamma,
             Real* gradient) {
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    const double raw = p[i], q = clamped_probability(raw), y_i = static_cast<double>(y[i]);
    const double log_p = std::log(q), log_not = std::log(1 - q);
    const double easy = std::pow(1 - q, gamma), easy_not = std::pow(q, gamma);
    const double positive = w * y_i, negative = 1 - y_i;
    sum -= positive * easy * log_p + negative * easy_not * log_not;
    const double slope = positive * easy * (gamma * log_p / (1 - q) - 1 / q) +
                         negative * easy_not * (1 / (1 - q) - gamma * log_not / q);
    gradient[i] =
        static_cast<Real>((raw != q && !std::isnan(raw)) ? 0 : slope / static_cast<double>(count));
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

}  // namespace spanlab
