// The model and the trivial predictors, scored on the same windows with paired intervals.
#include "spanlab/evaluate/evaluation_sets.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "spanlab/metrics/metric_draws.h"
#include "spanlab/metrics/trivial.h"
#include "spanlab/windows/groups.h"

namespace spanlab {
namespace {

std::vector<float> mask_of(const WindowSet& set) {
  return chosen_rows(set.dataset->mask, set.dataset->length, set.chosen);
}

ScoredWindows scored(const Evaluation& evaluation, std::span<const float> probability) {
  return {evaluation.windows, evaluation.length, probability, evaluation.mask, evaluation.group};
}

/// Of best F1; 0.5 where no bar is labelled.
double threshold_on(const ScoredSet& chosen_on) {
  const std::vector<float> mask = mask_of(chosen_on.set);
  const std::vector<int> group(chosen_on.set.chosen.size(), 0);
  const double threshold =
      best_f1_threshold({static_cast<int>(chosen_on.set.chosen.size()),
                         chosen_on.set.dataset->length, chosen_on.probability, mask, group});
  return std::isfinite(threshold) ? threshold : 0.5;
}

MetricDraws judge(const Evaluation& evaluation, int draws, Judged& judged) {
  MetricDraws metrics = draw_metrics(scored(evaluation, judged.test_scores), judged.threshold,
                                     kEvaluationSeed, draws);
  judged.metrics = intervals_of(metrics);
  return metrics;
}

std::vector<int> groups_of(const RunData& data, std::span<const int> chosen) {
  const Groups groups = group_windows(data.windows, data.dataset.length);
  std::vector<int> of;
  for (const int window : chosen) of.push_back(groups.of[static_cast<size_t>(window)]);
  return of;
}

WindowSet set_of(const RunData& data, const Predictions& predictions) {
  return {&data.series(), &data.windows, &data.dataset, predictions.windows};
}

/// What the model says of the tasks that it learned.
TaskOutputs outputs_of(const Recipe& recipe, const Predictions& predictions) {
  const auto of = [&](Task task, const std::vector<float>& values) {
    return recipe.has(task) ? std::span<const float>(values) : std::span<const float>();
  };
  const JadeOutput<float>& output = predictions.output;
  return {of(Task::type, output.logits), of(Task::ptr, output.pointers),
          of(Task::countdown, output.countdown)};
}

}  // namespace

EvaluationSets validation_sets(const Recipe& recipe, const RunData& data, const Predictions& train,
                               const Predictions& validation) {
  const ScoredSet trained{set_of(data, train), train.output.span};
  return {trained,
          trained,
          {set_of(data, validation), validation.output.span},
          groups_of(data, validation.windows),
          outputs_of(recipe, validation),
          recipe.loss.countdown_target,
          "the run's validation windows",
          "its training windows"};
}

EvaluationSets held_out_sets(const Recipe& recipe, const RunData& data, const Predictions& train,
                             const Predictions& validation, const HeldOutData& held_out,
                             const Predictions& tested) {
  const ScoredSet trained{set_of(data, train), train.output.span};
  const ScoredSet validated{set_of(data, validation), validation.output.span};
  const bool has_validation = !validation.windows.empty();
  // No two windows of the stretch share a bar: each is a group of its own.
  return {
      trained,
      has_validation ? validated : trained,
      {{&data.series(), &held_out.windows, &held_out.dataset, held_out.chosen}, tested.output.span},
      held_out.chosen,
      outputs_of(recipe, tested),
      recipe.loss.countdown_target,
      "a held-out stretch, from row " + std::to_string(held_out.first_row) + " of the bars on",
      has_validation ? "the run's validation windows" : "its training windows"};
}

MetricDraws draw_model(const EvaluationSets& sets, uint64_t seed, int draws) {
  const std::vector<float> mask = mask_of(sets.test.set);
  const ScoredWindows tested{static_cast<int>(sets.test.set.chosen.size()),
                             sets.test.set.dataset->length, sets.test.probability, mask,
                             sets.group};
  return draw_metrics(tested, threshold_on(sets.threshold), seed, draws);
}

Evaluation evaluate(const EvaluationSets& sets, int draws) {
  const WindowSet& test = sets.test.set;
  Evaluation evaluation;
  evaluation.tested_on = sets.tested_on;
  evaluation.threshold_from = sets.threshold_from;
  evaluation.length = test.dataset->length;
  evaluation.windows = static_cast<int>(test.chosen.size());
  evaluation.train_windows = static_cast<int>(sets.train.set.chosen.size());
  evaluation.mask = mask_of(test);
  evaluation.train_mask = mask_of(sets.train.set);
  evaluation.positives = std::count(evaluation.mask.begin(), evaluation.mask.end(), 1.0f);
  for (const int w : test.chosen) {
    evaluation.spans += static_cast<int>((*test.windows)[static_cast<size_t>(w)].spans.size());
  }
  evaluation.group = sets.group;
  evaluation.groups = static_cast<int>(std::set(sets.group.begin(), sets.group.end()).size());

  const WindowSet& train = sets.train.set;
  evaluation.tasks = task_metrics({*train.dataset, train.chosen}, {*test.dataset, test.chosen},
                                  sets.said, sets.countdown);
  evaluation.chance = chance_levels({*train.windows, train.chosen}, {*test.windows, test.chosen},
                                    evaluation.length);
  evaluation.model = {"model",
                      "the run's last epoch",
                      threshold_on(sets.threshold),
                      {sets.train.probability.begin(), sets.train.probability.end()},
                      {sets.test.probability.begin(), sets.test.probability.end()},
                      {},
                      {}};
  const MetricDraws model = judge(evaluation, draws, evaluation.model);
  for (TrivialPredictor& trivial : trivial_predictors(sets.train.set, test)) {
    Judged judged{std::move(trivial.name),
                  std::move(trivial.description),
                  std::isfinite(trivial.threshold) ? trivial.threshold : 0.5,
                  std::move(trivial.train_scores),
                  std::move(trivial.test_scores),
                  {},
                  {}};
    const MetricDraws metrics = judge(evaluation, draws, judged);
    judged.gain = intervals_of(difference_of(model, metrics));
    evaluation.trivial.push_back(std::move(judged));
  }
  return evaluation;
}

}  // namespace spanlab
