// The model and the trivial predictors, scored on the same windows with paired intervals.
#include "spanlab/diagnose/evaluation.h"

#include <algorithm>
#include <cmath>

#include "spanlab/measure/metric_draws.h"
#include "spanlab/measure/trivial.h"
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
  return {&data.series, &data.windows, &data.dataset, predictions.windows};
}

}  // namespace

Evaluation evaluate(const ScoredSet& train, const ScoredSet& threshold, const ScoredSet& test,
                    std::vector<int> group, int draws) {
  Evaluation evaluation;
  evaluation.length = test.set.dataset->length;
  evaluation.windows = static_cast<int>(test.set.chosen.size());
  evaluation.train_windows = static_cast<int>(train.set.chosen.size());
  evaluation.mask = mask_of(test.set);
  evaluation.train_mask = mask_of(train.set);
  evaluation.positives = std::count(evaluation.mask.begin(), evaluation.mask.end(), 1.0f);
  for (const int w : test.set.chosen) {
    evaluation.spans += static_cast<int>((*test.set.windows)[static_cast<size_t>(w)].spans.size());
  }
  evaluation.group = std::move(group);
  std::vector<int> distinct = evaluation.group;
  std::sort(distinct.begin(), distinct.end());
  evaluation.groups =
      static_cast<int>(std::unique(distinct.begin(), distinct.end()) - distinct.begin());

  evaluation.model = {"model",
                      "the run's last epoch",
                      threshold_on(threshold),
                      {train.probability.begin(), train.probability.end()},
                      {test.probability.begin(), test.probability.end()},
                      {},
                      {}};
  const MetricDraws model = judge(evaluation, draws, evaluation.model);
  for (TrivialPredictor& trivial : trivial_predictors(train.set, test.set)) {
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

Evaluation evaluate_validation(const RunData& data, const Predictions& train,
                               const Predictions& validation) {
  const ScoredSet trained{set_of(data, train), train.output.span};
  const ScoredSet validated{set_of(data, validation), validation.output.span};
  Evaluation evaluation =
      evaluate(trained, trained, validated, groups_of(data, validation.windows));
  evaluation.tested_on = "the run's validation windows";
  evaluation.threshold_from = "its training windows";
  return evaluation;
}

Evaluation evaluate_held_out(const RunData& data, const Predictions& train,
                             const Predictions& validation, const HeldOutData& held_out,
                             const Predictions& tested) {
  const ScoredSet trained{set_of(data, train), train.output.span};
  const ScoredSet validated{set_of(data, validation), validation.output.span};
  const bool has_validation = !validation.windows.empty();
  const ScoredSet test{{&data.series, &held_out.windows, &held_out.dataset, held_out.chosen},
                       tested.output.span};
  // No two windows of the stretch share a bar: each is a group of its own.
  Evaluation evaluation =
      evaluate(trained, has_validation ? validated : trained, test, held_out.chosen);
  evaluation.tested_on =
      "a held-out stretch, from row " + std::to_string(held_out.first_row) + " of the bars on";
  evaluation.threshold_from =
      has_validation ? "the run's validation windows" : "its training windows";
  return evaluation;
}

}  // namespace spanlab
