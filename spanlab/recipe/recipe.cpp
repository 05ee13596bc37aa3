// The declaration of every setting of a recipe.
#include "spanlab/recipe/recipe.h"

#include <algorithm>
#include <limits>

#include "spanlab/features/pipeline.h"

namespace spanlab {
namespace {

constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();
constexpr int kFeaturesOfReportedRun = 12;

/// Names before balancing got a table of its own, and since.
constexpr std::pair<std::string_view, std::string_view> kRenamed[] = {
    {"loss.balancing", "balancing.method"},
    {"loss.weight_type", "balancing.weight_type"},
    {"loss.weight_ptr", "balancing.weight_ptr"},
    {"loss.weight_span", "balancing.weight_span"},
    {"loss.weight_countdown", "balancing.weight_countdown"},
    {"loss.sigma_start", "balancing.sigma_start"},
    {"loss.sigma_rate", "balancing.sigma_rate"},
    {"loss.sigma_decay", "balancing.sigma_decay"},
    {"loss.balancing_rate", "balancing.rate"},
    {"loss.dwa_temperature", "balancing.dwa_temperature"},
    {"loss.gradnorm_alpha", "balancing.gradnorm_alpha"},
    {"loss.cagrad_c", "balancing.cagrad_c"},
    {"loss.famo_decay", "balancing.famo_decay"}};

Choices<std::string> feature_choices() {
  Choices<std::string> choices;
  for (const FeatureInfo& feature : feature_table()) {
    choices.emplace_back(feature.name, feature.name);
  }
  return choices;
}

Choices<Task> task_choices() {
  Choices<Task> choices;
  for (const Task task : kAllTasks) choices.emplace_back(name_of(task), task);
  return choices;
}

Choices<Balancing> balancing_choices() {
  return {{"uncertainty", Balancing::uncertainty},
          {"sum", Balancing::sum},
          {"fixed", Balancing::fixed},
          {"initial_loss", Balancing::initial_loss},
          {"uncertainty_optimal", Balancing::uncertainty_optimal},
          {"dwa", Balancing::dwa},
          {"rlw", Balancing::rlw},
          {"gradnorm", Balancing::gradnorm},
          {"pcgrad", Balancing::pcgrad},
          {"cagrad", Balancing::cagrad},
          {"mgda", Balancing::mgda},
          {"imtl_l", Balancing::imtl_l},
          {"imtl_g", Balancing::imtl_g},
          {"nash_mtl", Balancing::nash_mtl},
          {"famo", Balancing::famo},
          {"aligned_mtl", Balancing::aligned_mtl}};
}

}  // namespace

Recipe::Recipe() {
  for (const FeatureInfo& feature : feature_table().first(kFeaturesOfReportedRun)) {
    data.features.emplace_back(feature.name);
  }
}

std::vector<Setting> settings_of(Recipe& r) {
  const NumberRange dropout{0, 1, false, true};
  const NumberRange delta{0, 1e6, true, false};
  const NumberRange weight{0, 1e6};
  const IntegerRange epochs{1, 1'000'000};
  std::vector<Setting> settings{
      integer_setting("data.window", r.data.window, {2, 10'000}, "bars in a window"),
      list_setting("data.features", r.data.features, feature_choices(),
                   "inputs of the model, in this order"),
      choice_setting(
          "data.feature_mode", r.data.feature_mode,
          {{"per_window", FeatureMode::per_window}, {"continuous", FeatureMode::continuous}},
          "whether features are computed from each window alone or over the whole series"),

      choice_setting(
          "split.kind", r.split.kind,
          {{"random", SplitKind::random},
           {"grouped", SplitKind::grouped},
           {"time", SplitKind::time},
           {"kfold", SplitKind::kfold},
           {"purged", SplitKind::purged},
           {"walk_forward", SplitKind::walk_forward}},
          "choice of validation windows: any, whole groups that share bars, or the latest; a fold "
          "of such groups, a block in time, or a block after all training windows"),
      number_setting("split.validation", r.split.validation, {0, 1, false, true},
                     "fraction of the windows used for validation"),
      integer_setting("split.seed", r.split.seed, {0, kUnlimited}, "seed of the split"),
      integer_setting("split.folds", r.split.folds, {2, 1000},
                      "number of folds; no effect on random, grouped and time"),
      integer_setting("split.fold", r.split.fold, {0, 999},
                      "number of the validation fold, from 0"),
      integer_setting("split.embargo", r.split.embargo, {0, 1'000'000},
                      "bars after a validation block, or before it when walking forward, that no "
                      "training window contains"),

      integer_setting("model.hidden", r.model.hidden, {16, 1024, 16},
                      "units of the LSTM in each direction"),
      integer_setting("model.layers", r.model.layers, {1, 4}, "bidirectional LSTM layers"),
      integer_setting("model.projection", r.model.projection, {1, 4096},
                      "width of the window's summary, the input of the type and pointer heads"),
      number_setting("model.input_dropout", r.model.input_dropout, dropout,
                     "fraction of the inputs dropped in training"),
      number_setting("model.layer_dropout", r.model.layer_dropout, dropout,
                     "fraction dropped between LSTM layers; no effect with one layer"),
      number_setting("model.head_dropout", r.model.head_dropout, dropout,
                     "fraction dropped before each task's head"),
      choice_setting(
          "model.span_start", r.model.span_start,
          {{"uniform", SpanStart::uniform}, {"prior", SpanStart::prior}},
          "initial bias of the bar head: as drawn, or the base rate of the training bars"),
      choice_setting("model.span_head", r.model.span_head,
                     {{"bar", SpanHead::bar},
                      {"semi_markov", SpanHead::semi_markov},
                      {"one_span", SpanHead::one_span},
                      {"linear_chain", SpanHead::linear_chain}},
                     "bars independently, any number of spans, one span or none, or one tag per "
                     "bar with scores between neighbours; see docs/detection.md"),
      integer_setting("model.longest_span", r.model.longest_span, {1, 1000},
                      "bars of the longest span of semi_markov and one_span"),

      list_setting("loss.tasks", r.loss.tasks, task_choices(), "tasks to train"),
      number_setting("loss.pointer_delta", r.loss.pointer_delta, delta,
                     "delta of the pointers' Huber loss, as a fraction of the window"),
      number_setting("loss.countdown_delta", r.loss.countdown_delta, delta,
                     "delta of the countdown's Huber loss, in the target's unit"),
      choice_setting("loss.countdown_target", r.loss.countdown_target,
                     {{"clipped", CountdownTarget::clipped},
                      {"unit", CountdownTarget::unit},
                      {"masked", CountdownTarget::masked}},
                     "bars to the span's start, clipped to -20..20; the same mapped to 0..1; or "
                     "that, without loss where it is clipped"),
      number_setting("loss.span_pos_weight", r.loss.span_pos_weight, {0, 1e6, true, false},
                     "weight of bars inside spans in the span loss"),
      choice_setting("loss.span_loss", r.loss.span_loss,
                     {{"cross_entropy", SpanLoss::cross_entropy},
                      {"focal", SpanLoss::focal},
                      {"dice", SpanLoss::dice}},
                     "loss of the bar head on bars of known label; dice is half Dice loss and half "
                     "cross-entropy. A structured head has its own loss"),
      number_setting("loss.focal_gamma", r.loss.focal_gamma, {0, 10},
                     "focusing exponent: the larger, the less correct bars count; focal only"),
      choice_setting("loss.unlabelled", r.loss.unlabelled,
                     {{"negative", Unlabelled::negative},
                      {"ignored", Unlabelled::ignored},
                      {"positive_unlabelled", Unlabelled::positive_unlabelled}},
                     "treatment of unlabelled bars in windows without complete labels: outside "
                     "spans, unknown, or a mixture (bar head only)"),
      number_setting("loss.span_prior", r.loss.span_prior, {0, 1, true, true},
                     "fraction of unlabelled bars inside spans; positive_unlabelled only"),
      number_setting("loss.boundary_mass", r.loss.boundary_mass, {0, 1, false, true},
                     "fraction of a span's weight given to spans with nearby boundaries"),
      integer_setting("loss.boundary_radius", r.loss.boundary_radius, {1, 100},
                      "total distance of their first and last bars, in bars"),

      choice_setting("balancing.method", r.balancing.method, balancing_choices(),
                     "method that combines the tasks' losses; see docs/balancing.md"),
      number_setting("balancing.weight_type", r.balancing.weights[0], weight,
                     "weight of the type loss; fixed balancing only"),
      number_setting("balancing.weight_ptr", r.balancing.weights[1], weight,
                     "weight of the pointer loss; fixed balancing only"),
      number_setting("balancing.weight_span", r.balancing.weights[2], weight,
                     "weight of the span loss; fixed balancing only"),
      number_setting("balancing.weight_countdown", r.balancing.weights[3], weight,
                     "weight of the countdown loss; fixed balancing only"),
      choice_setting("balancing.sigma_start", r.balancing.sigma_start,
                     {{"fixed", SigmaStart::fixed}, {"warm", SigmaStart::warm}},
                     "initial log-sigmas: the reported run's values, or the optimum for the first "
                     "batch; uncertainty and imtl_l only"),
      number_setting("balancing.sigma_rate", r.balancing.sigma_rate, {0, 1e6},
                     "learning rate of the log-sigmas, in multiples of train.learning_rate"),
      number_setting("balancing.sigma_decay", r.balancing.sigma_decay, {0, 1e6},
                     "weight decay of the log-sigmas, in multiples of train.weight_decay"),
      number_setting("balancing.rate", r.balancing.rate, {0, 10, true, false},
                     "learning rate of the task weights; gradnorm and famo only"),
      number_setting("balancing.dwa_temperature", r.balancing.dwa_temperature,
                     {0, 1e6, true, false},
                     "temperature of the weights: the higher, the more even; dwa only"),
      number_setting("balancing.gradnorm_alpha", r.balancing.gradnorm_alpha, {0, 100},
                     "strength of the restoring force towards equal training rates; gradnorm only"),
      number_setting("balancing.cagrad_c", r.balancing.cagrad_c, {0, 1, false, true},
                     "radius around the mean gradient, relative to its norm; cagrad only"),
      number_setting("balancing.famo_decay", r.balancing.famo_decay, {0, 1},
                     "weight decay of the task logits; famo only"),

      integer_setting("train.epochs", r.train.epochs, epochs, "passes over the training windows"),
      integer_setting("train.batch", r.train.batch, {1, 65'536}, "windows per step"),
      number_setting("train.learning_rate", r.train.rate.peak, {0, 10, true, false},
                     "AdamW's step size"),
      number_setting("train.beta1", r.train.adamw.beta1, {0, 0.999999},
                     "AdamW's decay of the mean gradient"),
      number_setting("train.beta2", r.train.adamw.beta2, {0, 0.999999},
                     "AdamW's decay of the mean squared gradient"),
      number_setting("train.epsilon", r.train.adamw.epsilon, {1e-30, 1},
                     "added to AdamW's denominator"),
      number_setting("train.weight_decay", r.train.adamw.weight_decay, {0, 10},
                     "AdamW's decoupled weight decay, applied to every parameter"),
      choice_setting("train.schedule", r.train.rate.schedule,
                     {{"constant", Schedule::constant},
                      {"one_cycle", Schedule::one_cycle},
                      {"cosine", Schedule::cosine},
                      {"exponential", Schedule::exponential}},
                     "schedule of the learning rate; train.learning_rate is its peak"),
      number_setting("train.schedule_decay", r.train.rate.decay, {0, 1, true, false},
                     "factor of the learning rate from epoch to epoch; exponential only"),
      number_setting("train.clip_norm", r.train.clip_norm, {0, 1e9},
                     "largest gradient norm, L2 over all parameters; 0: no clipping"),
      choice_setting("train.mirror", r.train.mirror, {{"off", false}, {"on", true}},
                     "augmentation: every other time, a window is mirrored (prices upside down)"),
      integer_setting("train.shift", r.train.shift, {0, 10'000},
                      "augmentation: largest shift of a window in bars, drawn anew each epoch"),
      number_setting("train.average", r.train.average, {0, 1, false, true},
                     "decay per step of the moving average of the parameters, which becomes the "
                     "model; 0: no averaging"),
      integer_setting("train.patience", r.train.patience, {0, 1'000'000},
                      "early stopping: epochs without a lower validation loss before training ends "
                      "with the best epoch's model; 0: off"),
      integer_setting("train.freeze_encoder", r.train.freeze_encoder, {0, 1'000'000},
                      "epochs at the start in which the encoder is frozen; each lower layer stays "
                      "frozen for as many more"),
      integer_setting("train.seed", r.train.seed, {0, kUnlimited},
                      "seed of initial weights, order of the windows and dropout"),

      integer_setting("record.uncertainty_every", r.record.uncertainty_every, epochs,
                      "epochs between rows of uncertainty_params.csv"),
      integer_setting("record.features_every", r.record.features_every, epochs,
                      "epochs between rows of feature_stats.csv"),
      integer_setting("record.gradients_every", r.record.gradients_every, epochs,
                      "epochs between rows of gradient_stats.csv"),
      integer_setting("record.checkpoint_every", r.record.checkpoint_every, epochs,
                      "epochs between checkpoints"),
      integer_setting("record.diagnostics_every", r.record.diagnostics_every, {0, 1'000'000},
                      "epochs between rows of the diagnostic tables; 0: none are written"),

      number_setting("criteria.loss_drop", r.criteria.loss_drop, {-1e6, 1},
                     "success: the validation loss falls by this fraction from the first epoch"),
      number_setting("criteria.span_f1", r.criteria.span_f1, {0, 1},
                     "success: the last epoch's span F1 is above this"),
      number_setting("criteria.separation", r.criteria.separation, {-1, 1},
                     "success: the last epoch's separation is above this"),
  };
  keep_former_names(kRenamed, settings);
  return settings;
}

std::string recipe_text(const Recipe& recipe) {
  Recipe copy = recipe;
  return settings_toml(settings_of(copy));
}

}  // namespace spanlab
