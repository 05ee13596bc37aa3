// The likelihood of a bar of the simulated market in each regime.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/market/bayes_ceiling.h"
#include "spanlab/market/range_law.h"
#include "spanlab/market/simulate.h"

namespace spanlab {

/// All bars of a series as moves from the close before, and s_t.
class BarLikelihood {
 public:
  /// Throws Error: see expansion_posterior.
  BarLikelihood(const Bars& bars, const MarketModel& model, Sight sight);

  /// log P(bar `row` | the closes before it, a regime of this drift and volatility), both in s_t a
  /// bar, drift with its sign. A density in the range where Sight::bars is asked for.
  double log_of(size_t row, double drift, double volatility) const;

 private:
  /// Log prices over the close before; low and high are what rounds to the price.
  struct Rounded {
    double low, at, high;
  };
  struct Moves {
    Rounded close, open;
    double excess;  ///< of the range over |close - open|
    double s;       ///< s_t
  };
  double log_of_range(const Moves& moves, double deviation) const;

  std::vector<Moves> moves_;
  double path_steps_;
  std::optional<RangeLaw> range_law_;  ///< none: closes only
};

}  // namespace spanlab
