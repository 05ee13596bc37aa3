// Trivial predictors: every detector is compared with them.
#pragma once

#include <string>
#include <vector>

#include "spanlab/metrics/window_set.h"

namespace spanlab {

struct TrivialPredictor {
  /// Key: "all_positive", "base_rate", "position_prior", "range", "momentum" or "logistic".
  std::string name;
  std::string description;                       ///< for people, with what was tuned
  std::vector<float> train_scores, test_scores;  ///< [N, T] in 0..1
  /// Of highest bar F1 on the training windows; a bar is predicted where its score reaches it. NaN
  /// without a labelled training bar.
  double threshold;
};

/// All of them, in the order above, fitted on `train` and applied to both:
/// - all positive: 1 everywhere;
/// - base rate: the share of labelled training bars everywhere. Ranked by nothing, so the best
///   threshold is the constant itself and predicts every bar;
/// - position prior: the share at each place of the window, smoothed by a triangle of 5 bars to
///   either side;
/// - range: x / (1 + x), x = high less low over its mean of 60 bars;
/// - momentum: x / (1 + x), x = |close - close k bars before| over the mean absolute
///   close-to-close change of 60 bars; k of 1..20 with the highest average precision on `train`;
/// - logistic: LogisticProbe on the dataset's features and their sizes, 3 bars to either side.
/// Means end with the bar itself and look at bars before the window, but not across a gap. Only the
/// logistic regression sees bars ahead, as a detector that reads the whole window does.
/// Throws Error if there is no training window, a set does not fit its dataset, or the two differ
/// in length or features.
std::vector<TrivialPredictor> trivial_predictors(const WindowSet& train, const WindowSet& test);

}  // namespace spanlab
