// Tversky loss, of which Dice is a case: overlap over the whole batch instead of bar by bar.
#pragma once

#include <cstdint>

namespace spanlab {

/// What the Tversky loss holds against a batch; as it stands it is Dice.
struct TverskyWeights {
  double false_positive = 0.5;
  double false_negative = 0.5;
  double smooth = 1;  ///< bars added above and below, so that a batch without spans is no 0 / 0
};

/// 1 - (TP + e) / (TP + a FP + b FN + e) over all bars of the batch, TP = sum p y, FP = sum p (1 -
/// y) and FN = sum (1 - p) y. Salehi et al., "Tversky loss function for image segmentation using 3D
/// fully convolutional deep networks", MLMI 2017. a = b = 1/2 is Dice, 1 - (2 TP + 2 e) / (sum p +
/// sum y + 2 e). 0 for a batch in which the denominator is 0.
///   p [count] probabilities, y [count] 0 to 1
///   gradient [count] out: with respect to p
template <class Real, class Target>
double tversky(int64_t count, const Real* p, const Target* y, const TverskyWeights& weights,
               Real* gradient) {
  const double a = weights.false_positive, b = weights.false_negative;
  double hits = weights.smooth, all = weights.smooth;
  for (int64_t i = 0; i < count; ++i) {
    const double p_i = p[i], y_i = static_cast<double>(y[i]);
    hits += p_i * y_i;
    all += p_i * y_i + a * p_i * (1 - y_i) + b * (1 - p_i) * y_i;
  }
  if (all == 0) hits = all = 1;
  for (int64_t i = 0; i < count; ++i) {
    const double y_i = static_cast<double>(y[i]);
    const double dall = y_i + a * (1 - y_i) - b * y_i;
    gradient[i] = static_cast<Real>((hits / all * dall - y_i) / all);
  }
  return 1 - hits / all;
}

}  // namespace spanlab
