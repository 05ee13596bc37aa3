// What can be known of a simulated market: the probability of an expansion at every bar.
#pragma once

#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/market/simulate.h"

namespace spanlab {

/// What a detector looks at.
enum class Sight {
  closes,
  /// Opens, highs and lows as well. They tell the volatility of the regime better than the closes
  /// alone do, so a detector that uses them can pass the ceiling of the closes.
  bars
};

/// P(bar t lies in an expansion | all bars of the series, seen as `sight` says), [bars], for a
/// market that was simulated with this model and begins where `bars` begins. By forward-backward
/// over the stays of the hidden semi-Markov chain (Yu, Hidden semi-Markov models, Artificial
/// Intelligence 174, 2010), in logarithms. The last stay may go on behind the end; a bar in an
/// expansion that does counts as one in an expansion.
///
/// From the closes it is exact: a close counts with the probability of all prices that are rounded
/// to it. From the bars it is nearly so: of high and low it takes the range alone, not where the
/// open stands in it, and the range is not rounded (see range_law.h).
///
/// It takes bars x the longest stays of all states (a direction and a strength level make a state
/// of its own). Throws Error if the model makes no market, a volatility is not above 0, a price is
/// not a positive number, or, for Sight::bars, a high lies below a low or path_steps is not in
/// 2 .. 64.
std::vector<double> expansion_posterior(const Bars& bars, const MarketModel& model,
                                        Sight sight = Sight::closes);

}  // namespace spanlab
