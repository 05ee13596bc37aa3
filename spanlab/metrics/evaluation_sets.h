// What is evaluated and on which windows: the input of evaluate().
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "spanlab/labels/spans.h"
#include "spanlab/metrics/evaluation.h"
#include "spanlab/metrics/metric_draws.h"
#include "spanlab/metrics/window_set.h"

namespace spanlab {

/// A model's span probabilities on the windows of one set. What it views must outlive it.
struct ScoredSet {
  WindowSet set;
  std::span<const float> probability;  ///< [N, T]
};

/// What is tested and on what. Trivial predictors are tuned, and their thresholds chosen, on
/// `train`.
struct EvaluationSets {
  ScoredSet test;
  std::vector<int> group;          ///< [N] of the test windows
  std::string tested_on;           ///< see Evaluation
  int64_t first_row = 0;           ///< likewise
  double threshold = 0.5;          ///< of the model
  std::string threshold_from;      ///< see Evaluation
  std::optional<ScoredSet> train;  ///< without it: no trivial predictors, no levels of a constant
  TaskOutputs said;                ///< of the other tasks on the test windows
  CountdownTarget countdown = CountdownTarget::clipped;  ///< its unit
};

/// The threshold of best F1 on these windows; 0.5 where no bar is labelled.
double threshold_on(const ScoredSet& chosen_on);

/// The model and the trivial predictors. There must be test windows.
Evaluation evaluate(const EvaluationSets& sets, int draws = kEvaluationDraws);

/// The model's figures alone, drawn with `seed`.
MetricDraws draw_model(const EvaluationSets& sets, uint64_t seed, int draws = kEvaluationDraws);

/// Windows side by side on a stretch of bars that training did not see. No two of them share a bar:
/// each is a group of its own.
struct HeldOutWindows {
  int64_t first_row = 0;        ///< from which on they lie
  std::vector<Window> windows;  ///< N
  Dataset dataset;              ///< of these windows, with or without inputs
  std::vector<int> chosen;      ///< [N] 0 .. N - 1
};

/// From `first_row` to the end of the series, `length` bars each, with all of `spans`; the dataset
/// has no inputs. Throws Error as tile_windows() does.
HeldOutWindows held_out_windows(const Bars& series, const std::vector<Span>& spans,
                                int64_t first_row, int length,
                                CountdownTarget countdown = CountdownTarget::clipped);

/// The test on them alone: threshold, training windows and other tasks are up to the caller.
/// `probability`: [N, T]. Views all three.
EvaluationSets test_on(const Bars& series, const HeldOutWindows& held_out,
                       std::span<const float> probability);

}  // namespace spanlab
