// What the best possible detector reaches on a simulated market: the figures of its posterior.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/labels/spans.h"

namespace spanlab {

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
