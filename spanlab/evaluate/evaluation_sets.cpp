// Which windows of a run are tested, and which give the threshold.
#include "spanlab/evaluate/evaluation_sets.h"

#include "spanlab/windows/groups.h"

namespace spanlab {
namespace {

std::vector<int> groups_of(const RunData& data, std::span<const int> chosen) {
  const Groups groups = group_windows(data.windows, data.dataset.length);
  std::vector<int> of;
  for (const int window : chosen) of.push_back(groups.of[static_cast<size_t>(window)]);
  return of;
}

WindowSet set_of(const RunData& data, const Predictions& predictions) {
  return {.series = &data.series(),
          .windows = &data.windows,
          .dataset = &data.dataset,
          .chosen = predictions.windows};
}

/// What the model says of the tasks that it learned.
TaskOutputs outputs_of(const LossConfig& loss, const Predictions& predictions) {
  const auto of = [&](Task task, const std::vector<float>& values) {
    return loss.has(task) ? std::span<const float>(values) : std::span<const float>();
  };
  const JadeOutput<float>& output = predictions.output;
  return {of(Task::type, output.logits), of(Task::ptr, output.pointers),
          of(Task::countdown, output.countdown)};
}

}  // namespace

EvaluationSets validation_sets(const Recipe& recipe, const RunData& data, const Predictions& train,
                               const Predictions& validation) {
  const ScoredSet trained{set_of(data, train), train.output.span};
  EvaluationSets sets;
  sets.test = {set_of(data, validation), validation.output.span};
  sets.group = groups_of(data, validation.windows);
  sets.tested_on = "the run's validation windows";
  sets.threshold = threshold_on(trained);
  sets.threshold_from = "its training windows";
  sets.train = trained;
  sets.said = outputs_of(recipe.loss, validation);
  sets.countdown = recipe.loss.countdown_target;
  return sets;
}

EvaluationSets held_out_sets(const Recipe& recipe, const RunData& data, const Predictions& train,
                             const Predictions& validation, const HeldOutWindows& held_out,
                             const Predictions& tested) {
  const ScoredSet trained{set_of(data, train), train.output.span};
  const ScoredSet validated{set_of(data, validation), validation.output.span};
  const bool has_validation = !validation.windows.empty();
  EvaluationSets sets = test_on(data.series(), held_out, tested.output.span);
  sets.threshold = threshold_on(has_validation ? validated : trained);
  sets.threshold_from = has_validation ? "the run's validation windows" : "its training windows";
  sets.train = trained;
  sets.said = outputs_of(recipe.loss, tested);
  sets.countdown = recipe.loss.countdown_target;
  return sets;
}

}  // namespace spanlab
