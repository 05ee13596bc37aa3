// Huber loss of the pointer and countdown tasks.
#pragma once

#include <cmath>
#include <cstdint>

namespace spanlab {

/// Mean of e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2), with e = prediction - target,
/// over the values of the counted rows; 0 if none is.
///   prediction, target [rows, width], counted [rows] 0 or 1
///   gradient [rows, width] out: of the mean, with respect to the prediction
template <class Real, class Target>
double huber(int rows, int width, const Real* prediction, const Target* target,
             const uint8_t* counted, double delta, Real* gradient) {
  int64_t count = 0;
  for (int r = 0; r < rows; ++r) count += counted[r] ? width : 0;
  double sum = 0;
  for (int r = 0; r < rows; ++r) {
    for (int j = 0; j < width; ++j) {
      const int place = r * width + j;
      if (!counted[r]) {
        gradient[place] = 0;
        continue;
      }
      const double e = static_cast<double>(prediction[place]) - static_cast<double>(target[place]);
      const double size = std::abs(e);
      sum += size <= delta ? e * e / 2 : delta * (size - delta / 2);
      // This way round, an error that is not a number stays one.
      const double slope = size > delta ? std::copysign(delta, e) : e;
      gradient[place] = static_cast<Real>(slope / static_cast<double>(count));
    }
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

}  // namespace spanlab
