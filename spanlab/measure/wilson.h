// Interval of a share of independent trials.
#pragma once

#include "spanlab/measure/metrics.h"

namespace spanlab {

/// hits / trials with Wilson's 95 % score interval, which holds for few trials and shares near 0 or
/// 1 (Wilson, JASA 1927). All NaN without trials. Throws Error unless 0 <= hits <= trials. Trials
/// that share bars are not independent: the interval is too narrow for them.
Interval wilson_interval(int hits, int trials);

}  // namespace spanlab
