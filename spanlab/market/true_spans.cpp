// Expansions to spans, one by one.
#include "spanlab/market/true_spans.h"

namespace spanlab {

std::vector<Span> true_spans(const SimulatedMarket& market) {
  std::vector<Span> spans;
  for (const SimulatedExpansion& e : market.expansions) {
    spans.push_back({e.start_row, e.end_row, e.direction > 0 ? Direction::up : Direction::down,
                     e.before == Regime::pullback ? SpanType::retracement : SpanType::consolidation,
                     e.strength});
  }
  return spans;
}

}  // namespace spanlab
