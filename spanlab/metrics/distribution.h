// Mean, spread, extremes and median of a set of numbers, and of the bars inside and outside spans.
#pragma once

#include <cstddef>
#include <vector>

#include "spanlab/base/number.h"

namespace spanlab {

/// In linear time; the copy is reordered to find the median (move the vector in to avoid it).
/// All NaN if there is no value or any value is NaN.
Summary summarize(std::vector<float> values);

/// How far the probabilities of bars inside spans stand apart from those outside.
struct ProbabilityStats {
  Summary in_span, out_span;  ///< NaN where there is no such bar
  double separation;          ///< in_span.mean - out_span.mean
};

/// `probability`, `mask`: [bars] of any number of windows; mask 1 inside spans, else 0.
ProbabilityStats probability_stats(const float* probability, const float* mask, size_t bars);

}  // namespace spanlab
