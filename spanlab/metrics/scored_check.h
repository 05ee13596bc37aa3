// Whether the arrays of scored windows fit together and can be ranked.
#pragma once

#include "spanlab/metrics/metrics.h"

namespace spanlab {

/// Throws Error if a size is negative or an array has another one than N and T demand.
void check_scored(const ScoredWindows& scored);

/// Whether a probability is not a number, as those of a run that diverged: nothing can be measured.
bool any_nan(const ScoredWindows& scored);

}  // namespace spanlab
