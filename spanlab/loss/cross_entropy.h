// Softmax cross-entropy of the type task.
#pragma once

#include <cmath>
#include <cstdint>

namespace spanlab {

/// Mean of -log softmax(logits)[target] over the counted rows; 0 if none is.
///   logits [rows, classes], target [rows] class index, counted [rows] 0 or 1
///   gradient [rows, classes] out: of the mean, with respect to the logits
template <class Real>
double cross_entropy(int rows, int classes, const Real* logits, const int32_t* target,
                     const uint8_t* counted, Real* gradient) {
  int count = 0;
  for (int r = 0; r < rows; ++r) count += counted[r];
  double sum = 0;
  for (int r = 0; r < rows; ++r) {
    const Real* z = logits + r * classes;
    Real* d = gradient + r * classes;
    double largest = z[0];
    for (int k = 1; k < classes; ++k) largest = z[k] > largest ? z[k] : largest;
    double total = 0;
    for (int k = 0; k < classes; ++k) total += std::exp(z[k] - largest);
    const double log_total = largest + std::log(total);
    if (counted[r]) sum += log_total - z[target[r]];
    for (int k = 0; k < classes; ++k) {
      const double p = std::exp(z[k] - log_total);
      d[k] = counted[r] ? static_cast<Real>((p - (k == target[r])) / count) : Real(0);
    }
  }
  return count > 0 ? sum / count : 0;
}

}  // namespace spanlab
