// What is tested and on what, for evaluate().
#pragma once

#include <span>
#include <string>
#include <vector>

#include "spanlab/evaluate/evaluation.h"
#include "spanlab/evaluate/held_out_data.h"
#include "spanlab/evaluate/predict.h"
#include "spanlab/metrics/metric_draws.h"
#include "spanlab/metrics/window_set.h"
#include "spanlab/train/training_data.h"

namespace spanlab {

/// A model's span probabilities on the windows of one set. What it views must outlive it.
struct ScoredSet {
  WindowSet set;
  std::span<const float> probability;  ///< [N, T]
};

/// What is tested and on what. Trivial predictors are tuned, and their thresholds chosen, on
/// `train`; the model's threshold is that of best F1 on `threshold`.
struct EvaluationSets {
  ScoredSet train, threshold, test;
  std::vector<int> group;                 ///< [N] of the test windows
  TaskOutputs said;                       ///< of the other tasks on the test windows
  CountdownTarget countdown;              ///< its unit
  std::string tested_on, threshold_from;  ///< see Evaluation
};

/// The run's own validation windows, the threshold from its training windows. `train`,
/// `validation`: what the model says of them.
EvaluationSets validation_sets(const Recipe& recipe, const RunData& data, const Predictions& train,
                               const Predictions& validation);

/// A held-out stretch, the threshold from the run's validation windows, or from its training
/// windows if it has none.
EvaluationSets held_out_sets(const Recipe& recipe, const RunData& data, const Predictions& train,
                             const Predictions& validation, const HeldOutData& held_out,
                             const Predictions& tested);

/// The model and the trivial predictors. There must be test windows.
Evaluation evaluate(const EvaluationSets& sets, int draws = kEvaluationDraws);

/// The model's figures alone, drawn with `seed`.
MetricDraws draw_model(const EvaluationSets& sets, uint64_t seed, int draws = kEvaluationDraws);

}  // namespace spanlab
