// Binary cross-entropy of the span task, on probabilities: of all bars, or of the known ones.
#pragma once

#include <cmath>
#include <cstdint>

namespace spanlab {

/// Where the losses of single bars clamp a probability: [1e-7, 1 - 1e-7].
inline constexpr double kProbabilityClamp = 1e-7;

/// `p` clamped; one that is not a number stays so.
inline double clamped_probability(double p) {
  return p < kProbabilityClamp       ? kProbabilityClamp
         : p > 1 - kProbabilityClamp ? 1 - kProbabilityClamp
                                     : p;
}

/// -[w y ln p + (1 - y) ln(1 - p)] of one bar, p clamped. `slope` out: with respect to p; 0 where
/// the clamp holds.
inline double bar_cross_entropy(double p, double y, double w, double* slope) {
  const double q = clamped_probability(p);
  const double positive = w * y, negative = 1 - y;
  double loss = 0;
  if (positive != 0) loss -= positive * std::log(q);
  if (negative != 0) loss -= negative * std::log(1 - q);
  *slope = (p != q && !std::isnan(p)) ? 0 : negative / (1 - q) - positive / q;
  return loss;
}

/// Mean of -[w y ln p + (1 - y) ln(1 - p)], p clamped to [1e-7, 1 - 1e-7].
///   p [count] probabilities, y [count] 0 to 1, w: weight of the positives
///   gradient [count] out: of the mean, with respect to p; 0 where the clamp holds
template <class Real, class Target>
double binary_cross_entropy(int64_t count, const Real* p, const Target* y, double w,
                            Real* gradient) {
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    double slope = 0;
    sum += bar_cross_entropy(p[i], static_cast<double>(y[i]), w, &slope);
    gradient[i] = static_cast<Real>(slope / static_cast<double>(count));
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

/// The same mean over the known bars alone; 0 if none is. known [count] 0 or 1; the gradient of
/// the others is 0.
template <class Real, class Target>
double known_cross_entropy(int64_t count, const Real* p, const Target* y, const uint8_t* known,
                           double w, Real* gradient) {
  int64_t bars = 0;
  for (int64_t i = 0; i < count; ++i) bars += known[i] != 0;
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    double slope = 0;
    if (known[i]) sum += bar_cross_entropy(p[i], static_cast<double>(y[i]), w, &slope);
    gradient[i] = static_cast<Real>(slope / static_cast<double>(bars > 0 ? bars : 1));
  }
  return bars > 0 ? sum / static_cast<double>(bars) : 0;
}

}  // namespace spanlab
