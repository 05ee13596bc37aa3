// A recipe: the declaration of every setting, and recipe files in and out.
#include "spanlab/train/recipe.h"

#include <algorithm>
#include <limits>

#include "spanlab/base/settings_toml.h"

namespace spanlab {
namespace {

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();
constexpr int kFeaturesOfReportedRun = 12;

Choices<std::string> feature_choices() {
  Choices<std::string> choices;
  for (const FeatureInfo& feature : feature_table()) {
    choices.emplace_back(feature.name, feature.name);
  }
  return choices;
}

Choices<Task> task_choices() {
  Choices<Task> choices;
  for (int i = 0; i < kTaskCount; ++i) {
    const auto task = static_cast<Task>(i);
    choices.emplace_back(name_of(task), task);
  }
  return choices;
}

}  // namespace

Recipe::Recipe() {
  for (const FeatureInfo& feature : feature_table().first(kFeaturesOfReportedRun)) {
    data.features.emplace_back(feature.name);
  }
}

bool Recipe::has(Task task) const {
  return std::find(loss.tasks.begin(), loss.tasks.end(), task) != loss.tasks.end();
}

std::vector<Setting> settings_of(Recipe& r) {
  const NumberRange dropout{0, 1, false, true};
  const NumberRange delta{0, 1e6, true, false};
  const IntegerRange epochs{1, 1'000'000};
  return {
      integer_setting("data.window", r.data.window, {2, 10'000}, "bars in a window"),
      list_setting("data.features", r.data.features, feature_choices(),
                   "inputs of the model, in this order"),
      choice_setting(
          "data.feature_mode", r.data.feature_mode,
          {{"per_window", FeatureMode::per_window}, {"continuous", FeatureMode::continuous}},
          "features start afresh in each window, or run through the whole series"),

      choice_setting("split.kind", r.split.kind,
                     {{"random", SplitKind::random},
                      {"grouped", SplitKind::grouped},
                      {"time", SplitKind::time}},
                     "which windows validate: any, whole groups that share bars, or the latest"),
      number_setting("split.validation", r.split.validation, {0, 1, false, true},
                     "share of the windows that validate and do not train"),
      integer_setting("split.seed", r.split.seed, {0, kUnlimited}, "which split of its kind"),

      integer_setting("model.hidden", r.model.hidden, {16, 1024, 16},
                      "units of the LSTM in each direction"),
      integer_setting("model.layers", r.model.layers, {1, 4}, "bidirectional LSTM layers"),
      integer_setting("model.projection", r.model.projection, {1, 4096},
                      "width of the window's summary, from which type and pointers are read"),
      number_setting("model.input_dropout", r.model.input_dropout, dropout,
                     "share of the inputs dropped in training"),
      number_setting("model.layer_dropout", r.model.layer_dropout, dropout,
                     "share dropped between LSTM layers; no effect with one layer"),
      number_setting("model.head_dropout", r.model.head_dropout, dropout,
                     "share dropped in front of each task's head"),

      list_setting("loss.tasks", r.loss.tasks, task_choices(), "tasks that are learned"),
      choice_setting("loss.balancing", r.loss.balancing,
                     {{"uncertainty", Balancing::uncertainty}, {"sum", Balancing::sum}},
                     "how the losses join: weighted by learned uncertainties, or plainly added"),
      number_setting("loss.pointer_delta", r.loss.pointer_delta, delta,
                     "error where the pointers' Huber loss turns linear, in parts of a window"),
      number_setting("loss.countdown_delta", r.loss.countdown_delta, delta,
                     "error where the countdown's Huber loss turns linear, in the target's unit"),
      choice_setting("loss.countdown_target", r.loss.countdown_target,
                     {{"clipped", CountdownTarget::clipped}, {"unit", CountdownTarget::unit}},
                     "bars to the span's start, cut to -20..20; or the same mapped to 0..1"),
      number_setting("loss.span_pos_weight", r.loss.span_pos_weight, {0, 1e6, true, false},
                     "weight of bars inside spans in the span loss"),

      integer_setting("train.epochs", r.train.epochs, epochs, "passes over the training windows"),
      integer_setting("train.batch", r.train.batch, {1, 65'536}, "windows in a step"),
      number_setting("train.learning_rate", r.train.learning_rate, {0, 10, true, false},
                     "AdamW's step size"),
      number_setting("train.beta1", r.train.beta1, {0, 0.999999},
                     "AdamW's decay of the mean gradient"),
      number_setting("train.beta2", r.train.beta2, {0, 0.999999},
                     "AdamW's decay of the mean squared gradient"),
      number_setting("train.epsilon", r.train.epsilon, {1e-30, 1}, "added to AdamW's denominator"),
      number_setting("train.weight_decay", r.train.weight_decay, {0, 10},
                     "AdamW's decoupled weight decay, applied to every parameter"),
      integer_setting("train.seed", r.train.seed, {0, kUnlimited},
                      "initial weights, order of the windows, dropout"),

      integer_setting("record.uncertainty_every", r.record.uncertainty_every, epochs,
                      "epochs between rows of uncertainty_params.csv"),
      integer_setting("record.features_every", r.record.features_every, epochs,
                      "epochs between rows of feature_stats.csv"),
      integer_setting("record.gradients_every", r.record.gradients_every, epochs,
                      "epochs between rows of gradient_stats.csv"),
      integer_setting("record.checkpoint_every", r.record.checkpoint_every, epochs,
                      "epochs between checkpoints"),
  };
}

Recipe read_recipe(const std::filesystem::path& path, std::span<const std::string> overrides) {
  Recipe recipe;
  const std::vector<Setting> settings = settings_of(recipe);
  read_settings(path, settings);
  for (const std::string& assignment : overrides) override_setting(assignment, settings);
  return recipe;
}

std::string recipe_text(const Recipe& recipe) {
  Recipe copy = recipe;
  return settings_toml(settings_of(copy));
}

}  // namespace spanlab
