// The expansions of a simulated market as labelled spans.
#pragma once

#include <vector>

#include "spanlab/labels/spans.h"
#include "spanlab/market/simulate.h"

namespace spanlab {

/// In order; one that began in a pullback is a retracement. The score is the drawn strength.
std::vector<Span> true_spans(const SimulatedMarket& market);

}  // namespace spanlab
