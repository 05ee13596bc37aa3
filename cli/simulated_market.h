// The simulated market as spans that the other rooms understand.
#pragma once

#include <vector>

#include "spanlab/bars/simulate.h"
#include "spanlab/labels/spans.h"

namespace spanlab::cli {

/// The market's expansions; one that began in a pullback is a retracement.
inline std::vector<Span> true_spans(const SimulatedMarket& market) {
  std::vector<Span> spans;
  for (const SimulatedExpansion& e : market.expansions) {
    spans.push_back({e.start_row, e.end_row, e.direction > 0 ? Direction::up : Direction::down,
                     e.before == Regime::pullback ? SpanType::retracement : SpanType::consolidation,
                     e.strength});
  }
  return spans;
}

}  // namespace spanlab::cli
