// Scores the model and the trivial predictors on the same windows, with paired intervals.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "spanlab/metrics/evaluation_sets.h"
#include "spanlab/metrics/trivial.h"
#include "spanlab/windows/cut.h"

namespace spanlab {
namespace {

std::vector<float> mask_of(const WindowSet& set) {
  return chosen_rows(set.dataset->mask, set.dataset->length, set.chosen);
}

ScoredWindows scored(const Evaluation& evaluation, std::span<const float> probability) {
  return {.windows = evaluation.windows,
          .length = evaluation.length,
          .probability = probability,
          .mask = evaluation.mask,
          .group = evaluation.group};
}

MetricDraws judge(const Evaluation& evaluation, int draws, Judged& judged) {
  MetricDraws metrics = draw_metrics(scored(evaluation, judged.test_scores), judged.threshold,
                                     kEvaluationSeed, draws);
  judged.metrics = intervals_of(metrics);
  return metrics;
}

void describe_test(const EvaluationSets& sets, Evaluation& evaluation) {
  const WindowSet& test = sets.test.set;
  evaluation.tested_on = sets.tested_on;
  evaluation.first_row = sets.first_row;
  evaluation.threshold_from = sets.threshold_from;
  evaluation.length = test.dataset->length;
  evaluation.windows = static_cast<int>(test.chosen.size());
  evaluation.mask = mask_of(test);
  evaluation.positives = std::count(evaluation.mask.begin(), evaluation.mask.end(), 1.0f);
  for (const int w : test.chosen) {
    evaluation.spans += static_cast<int>((*test.windows)[static_cast<size_t>(w)].spans.size());
  }
  evaluation.group = sets.group;
  evaluation.groups = static_cast<int>(std::set(sets.group.begin(), sets.group.end()).size());
}

/// What the training windows are there to compare with.
void compare_with_training(const EvaluationSets& sets, const MetricDraws& model, int draws,
                           Evaluation& evaluation) {
  const WindowSet &train = sets.train->set, &test = sets.test.set;
  evaluation.train_windows = static_cast<int>(train.chosen.size());
  evaluation.train_mask = mask_of(train);
  evaluation.tasks = task_metrics({*train.dataset, train.chosen}, {*test.dataset, test.chosen},
                                  sets.said, sets.countdown);
  evaluation.chance = chance_levels({*train.windows, train.chosen}, {*test.windows, test.chosen},
                                    evaluation.length);
  const std::span<const float> probability = sets.train->probability;
  evaluation.model.train_scores.assign(probability.begin(), probability.end());
  for (TrivialPredictor& trivial : trivial_predictors(train, test)) {
    Judged judged;
    judged.name = std::move(trivial.name);
    judged.description = std::move(trivial.description);
    if (std::isfinite(trivial.threshold)) judged.threshold = trivial.threshold;
    judged.train_scores = std::move(trivial.train_scores);
    judged.test_scores = std::move(trivial.test_scores);
    const MetricDraws metrics = judge(evaluation, draws, judged);
    judged.gain = intervals_of(difference_of(model, metrics));
    evaluation.trivial.push_back(std::move(judged));
  }
}

}  // namespace

double threshold_on(const ScoredSet& chosen_on) {
  const std::vector<float> mask = mask_of(chosen_on.set);
  const std::vector<int> group(chosen_on.set.chosen.size(), 0);
  const double threshold =
      best_f1_threshold({.windows = static_cast<int>(chosen_on.set.chosen.size()),
                         .length = chosen_on.set.dataset->length,
                         .probability = chosen_on.probability,
                         .mask = mask,
                         .group = group});
  return std::isfinite(threshold) ? threshold : 0.5;
}

MetricDraws draw_model(const EvaluationSets& sets, uint64_t seed, int draws) {
  const std::vector<float> mask = mask_of(sets.test.set);
  return draw_metrics({.windows = static_cast<int>(sets.test.set.chosen.size()),
                       .length = sets.test.set.dataset->length,
                       .probability = sets.test.probability,
                       .mask = mask,
                       .group = sets.group},
                      sets.threshold, seed, draws);
}

Evaluation evaluate(const EvaluationSets& sets, int draws) {
  Evaluation evaluation;
  describe_test(sets, evaluation);
  evaluation.model.name = "model";
  evaluation.model.threshold = sets.threshold;
  evaluation.model.test_scores.assign(sets.test.probability.begin(), sets.test.probability.end());
  const MetricDraws model = judge(evaluation, draws, evaluation.model);
  if (sets.train) compare_with_training(sets, model, draws, evaluation);
  return evaluation;
}

HeldOutWindows held_out_windows(const Bars& series, const std::vector<Span>& spans,
                                int64_t first_row, int length, CountdownTarget countdown) {
  HeldOutWindows held_out;
  held_out.first_row = first_row;
  held_out.windows = tile_windows(series, spans, {.first_row = first_row, .length = length});
  held_out.dataset = build_targets(series, held_out.windows, length, countdown);
  held_out.chosen.resize(held_out.windows.size());
  std::iota(held_out.chosen.begin(), held_out.chosen.end(), 0);
  return held_out;
}

EvaluationSets test_on(const Bars& series, const HeldOutWindows& held_out,
                       std::span<const float> probability) {
  EvaluationSets sets;
  sets.test = {{.series = &series,
                .windows = &held_out.windows,
                .dataset = &held_out.dataset,
                .chosen = held_out.chosen},
               probability};
  sets.group = held_out.chosen;
  sets.tested_on =
      "a held-out stretch, from row " + std::to_string(held_out.first_row) + " of the bars on";
  sets.first_row = held_out.first_row;
  return sets;
}

const Judged* Evaluation::strongest_trivial() const {
  const Judged* best = nullptr;
  double highest = -1;
  for (const Judged& judged : trivial) {
    if (judged.metrics.empty()) continue;
    const double value = judged.metrics[static_cast<size_t>(Metric::average_precision)].value;
    if (!(value > highest)) continue;  // NaN too
    highest = value;
    best = &judged;
  }
  return best;
}

}  // namespace spanlab
