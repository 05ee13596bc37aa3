// Positive-unlabelled learning: the non-negative risk.
#pragma once

#include <cstdint>

#include "spanlab/loss/binary_cross_entropy.h"

namespace spanlab {

/// pi R+(labelled) + max(0, R-(unlabelled) - pi R-(labelled)), with the means R+ of -ln p and R- of
/// -ln(1 - p), p clamped to [1e-7, 1 - 1e-7]; a mean over no bars is 0. Kiryo et al.,
/// "Positive-unlabeled learning with non-negative risk estimator", NeurIPS 2017.
///   p [count] probabilities, labelled [count] 1 where a bar is known to lie in a span, 0 where it
///   may or may not; pi: share of bars in spans among the unlabelled, 0 to 1
///   gradient [count] out: with respect to p. Where the maximum is 0 that of the first term alone;
///   the ascent that the paper's algorithm 1 then makes on the second is not the slope of any loss.
template <class Real, class Target>
double pu_risk(int64_t count, const Real* p, const Target* labelled, double pi, Real* gradient) {
  double hit = 0, labelled_miss = 0, unlabelled_miss = 0, slope = 0;
  int64_t positives = 0;
  for (int64_t i = 0; i < count; ++i) {
    if (labelled[i] != 0) {
      ++positives;
      hit += bar_cross_entropy(p[i], 1, 1, &slope);
      labelled_miss += bar_cross_entropy(p[i], 0, 1, &slope);
    } else {
      unlabelled_miss += bar_cross_entropy(p[i], 0, 1, &slope);
    }
  }
  const double per_positive = positives > 0 ? pi / static_cast<double>(positives) : 0;
  const double per_other = positives < count ? 1 / static_cast<double>(count - positives) : 0;
  const double negative = per_other * unlabelled_miss - per_positive * labelled_miss;
  const double counts = negative <= 0 ? 0 : 1;  // 1 for one that is not a number
  for (int64_t i = 0; i < count; ++i) {
    double up = 0, down = 0;
    bar_cross_entropy(p[i], 1, 1, &up);
    bar_cross_entropy(p[i], 0, 1, &down);
    gradient[i] = static_cast<Real>(labelled[i] != 0 ? per_positive * (up - counts * down)
                                                     : per_other * counts * down);
  }
  return per_positive * hit + (negative <= 0 ? 0 : negative);
}

}  // namespace spanlab
