// The best possible detector of a simulated market, and the figures that it reaches.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/spans.h"
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
/// Intelligence 174, 2010), in logarithms. The last stay may continue after the end; a bar in an
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

struct BayesCeiling {
  int64_t bars;              ///< rows that were scored
  double base_rate;          ///< share of them inside true spans
  double average_precision;  ///< of the posterior against the true spans
  double threshold;          ///< of highest expected F1: chosen from the posterior, without labels
  double expected_f1;        ///< what the posterior itself foretells of `f1`
  double f1, precision, recall;  ///< bars, at the threshold, against the true spans
  double log_loss;               ///< nats a bar
};

/// The threshold t for which "inside where p >= t" has the highest expected F1 if every bar lies
/// inside with its probability p: 2 sum_{p >= t} p / (number of p >= t + sum p) (Lipton et al.,
/// Optimal thresholding of classifiers to maximize F1, 2014; for the ratio of sums). NaN if there
/// is no bar or all are 0. `posterior`: any number of bars, in 0..1.
double expected_f1_threshold(std::span<const double> posterior);

/// `posterior` [bars of the series]: see expansion_posterior. `spans`: the true ones. `rows`: the
/// rows to score, each as often as it is given; empty: all. Figures that need a labelled bar are
/// NaN where there is none. Throws Error if a row or a span lies outside the series.
BayesCeiling bayes_ceiling(std::span<const double> posterior, const std::vector<Span>& spans,
                           std::span<const int64_t> rows = {});

}  // namespace spanlab
