// What can be known of a simulated market: the probability of an expansion at every bar.
#pragma once

#include <vector>

#include "spanlab/bars/series.h"
#include "spanlab/bars/simulate.h"

namespace spanlab {

/// P(bar t lies in an expansion | all closes of the series), [bars], for a market that was
/// simulated with this model and begins where `bars` begins. Exact: forward-backward over the stays
/// of the hidden semi-Markov chain (Yu, Hidden semi-Markov models, Artificial Intelligence 174,
/// 2010), in logarithms. A close counts with the probability of all prices that are rounded to it.
/// The last stay may go on behind the end; a bar in an expansion that does counts as one in an
/// expansion.
///
/// It takes bars x the longest stays of all states (a direction and a strength level make a state
/// of its own). Throws Error if the model makes no market, a volatility is not above 0, or a close
/// is not a positive number.
std::vector<double> expansion_posterior(const Series& bars, const MarketModel& model);

}  // namespace spanlab
