// The result of an evaluation: how well a model finds spans in windows that it was not trained on,
// compared with trivial predictors.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "spanlab/metrics/chance.h"
#include "spanlab/metrics/metrics.h"
#include "spanlab/metrics/task_metrics.h"

namespace spanlab {

/// Scores of the model or of a trivial predictor, and what they are worth.
struct Judged {
  std::string name;         ///< "model", "momentum"
  std::string description;  ///< "absolute 5-bar momentum, k tuned on ..."; model: empty
  double threshold = 0.5;   ///< from Evaluation::threshold_from, of best F1 where those are windows
  std::vector<float> train_scores;  ///< [N_train, T]
  std::vector<float> test_scores;   ///< [N, T]
  std::vector<Interval> metrics;    ///< [kMetricCount] on the test windows
  std::vector<Interval> gain;       ///< [kMetricCount] model minus this one, paired; model: empty
};

struct Evaluation {
  std::string tested_on;       ///< "the run's validation windows"
  int64_t first_row = 0;       ///< of a held-out stretch; 0 for windows of the run
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
  std::vector<Judged> trivial;  ///< empty where no training windows are at hand
  TaskMetrics tasks;            ///< of the model; NaN for tasks that are off
  ChanceLevels chance;          ///< what places and lengths of the training spans reach alone

  /// The trivial predictor of highest average precision; null if none has one.
  const Judged* strongest_trivial() const;

  double base_rate() const {
    return static_cast<double>(positives) / (static_cast<double>(windows) * length);
  }
};

inline constexpr uint64_t kEvaluationSeed = 1;  ///< of the bootstrap
inline constexpr int kEvaluationDraws = 2000;

}  // namespace spanlab
