// How far the probabilities of bars inside spans stand apart from those outside.
#pragma once

#include <cstddef>

#include "spanlab/base/summary.h"

namespace spanlab {

struct ProbabilityStats {
  Summary in_span, out_span;  ///< NaN where there is no such bar
  double separation;          ///< in_span.mean - out_span.mean
};

/// `probability`, `mask`: [bars] of any number of windows; mask 1 inside spans, else 0.
ProbabilityStats probability_stats(const float* probability, const float* mask, size_t bars);

}  // namespace spanlab
