// How well a model finds spans in windows that it was not trained on, beside trivial predictors.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "spanlab/diagnose/held_out.h"
#include "spanlab/measure/chance.h"
#include "spanlab/measure/metric_draws.h"
#include "spanlab/measure/task_metrics.h"
#include "spanlab/measure/window_set.h"
#include "spanlab/train/predict.h"
#include "spanlab/train/run_data.h"

namespace spanlab {

/// Scores of the model or of a trivial predictor, and what they are worth.
struct Judged {
  std::string name;         ///< "model", "momentum"
  std::string description;  ///< "absolute 5-bar momentum, k tuned on the training windows"
  double threshold = 0.5;   ///< of best F1 on the windows named in Evaluation::threshold_from
  std::vector<float> train_scores;  ///< [N_train, T]
  std::vector<float> test_scores;   ///< [N, T]
  std::vector<Interval> metrics;    ///< [kMetricCount] on the test windows
  std::vector<Interval> gain;       ///< [kMetricCount] model minus this one, paired; model: empty
};

struct Evaluation {
  std::string tested_on;       ///< "the run's validation windows"
  std::string threshold_from;  ///< "the training windows"
  int length = 0;              ///< T, bars in a window
  int windows = 0;             ///< N, tested
  int groups = 0, spans = 0;   ///< among them
  int64_t positives = 0;       ///< bars inside spans among them
  int train_windows = 0;
  std::vector<float> mask;        ///< [N, T]
  std::vector<int> group;         ///< [N]
  std::vector<float> train_mask;  ///< [N_train, T]
  Judged model;
  std::vector<Judged> trivial;
  TaskMetrics tasks;    ///< of the model; NaN for tasks that are off
  ChanceLevels chance;  ///< what places and lengths of the training spans reach alone

  double base_rate() const {
    return static_cast<double>(positives) / (static_cast<double>(windows) * length);
  }
};

inline constexpr uint64_t kEvaluationSeed = 1;  ///< of the bootstrap
inline constexpr int kEvaluationDraws = 2000;

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
