// A recipe: all settings of a run, with the reported run's values as defaults.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "spanlab/base/settings.h"
#include "spanlab/base/task.h"
#include "spanlab/features/pipeline.h"
#include "spanlab/loss/balancer.h"
#include "spanlab/windows/split.h"
#include "spanlab/windows/targets.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Where the log-sigmas of uncertainty weighting start.
enum class SigmaStart {
  fixed,  ///< at the reported run's values
  warm,   ///< at the optimum for the first batch's losses
};

/// Where the bias of the span head starts.
enum class SpanStart {
  uniform,  ///< drawn as every other bias
  prior,    ///< at the log odds of the training bars' base rate, with weights of 0
};

/// What the span head makes of a window; the structured ones are those of SpanStructure.
enum class SpanHead { bar, semi_markov, one_span, linear_chain };

/// What the bars of a window are whose labels are not complete, apart from its labelled spans.
enum class Unlabelled {
  negative,             ///< outside of spans
  ignored,              ///< unknown, but for the kKnownMargin bars around a labelled span
  positive_unlabelled,  ///< spans or not, loss.span_prior of them are; bar head only
};

/// The loss of the bar head.
enum class SpanLoss { cross_entropy, focal, dice };

/// How the learning rate goes over the steps.
enum class Schedule { constant, one_cycle, cosine, exponential };

/// Settings by section. A field's initialiser is the setting's default; its name, range and help
/// are in recipe.cpp.
struct Recipe {
  struct {
    int window = kWindowLength;         // bars
    std::vector<std::string> features;  // names, in the order of the model's inputs; see Recipe()
    FeatureMode feature_mode = FeatureMode::per_window;
  } data;

  struct {
    SplitKind kind = SplitKind::random;
    double validation = 0.2;  // share of the windows
    int64_t seed = 42;
    int folds = 5;
    int fold = 0;
    int embargo = 0;  // bars
  } split;

  struct {
    int hidden = 96;  // units of each LSTM direction
    int layers = 1;
    int projection = 64;
    double input_dropout = 0.3;
    double layer_dropout = 0.7;
    double head_dropout = 0.6;
    SpanStart span_start = SpanStart::uniform;
    SpanHead span_head = SpanHead::bar;
    int longest_span = 16;  // bars; of the structured heads
  } model;

  struct {
    std::vector<Task> tasks{Task::type, Task::ptr, Task::span, Task::countdown};
    Balancing balancing = Balancing::uncertainty;
    double pointer_delta = 0.08;   // parts of a window
    double countdown_delta = 1.0;  // in units of the countdown target
    CountdownTarget countdown_target = CountdownTarget::clipped;
    double span_pos_weight = 1.0;
    SpanLoss span_loss = SpanLoss::cross_entropy;
    double focal_gamma = 2;
    Unlabelled unlabelled = Unlabelled::negative;
    double span_prior = 0.1;   // share of bars in spans, where they are not labelled
    double boundary_mass = 0;  // of a span's weight that its neighbours get
    int boundary_radius = 1;   // bars
    double weight_type = 1, weight_ptr = 1, weight_span = 1, weight_countdown = 1;  // fixed
    SigmaStart sigma_start = SigmaStart::fixed;
    double sigma_rate = 1;   // of train.learning_rate
    double sigma_decay = 1;  // of train.weight_decay
    double balancing_rate = 0.025;
    double dwa_temperature = 2;
    double gradnorm_alpha = 0.12;
    double cagrad_c = 0.4;
    double famo_decay = 0;
  } loss;

  struct {
    int epochs = 100;
    int batch = 32;  // windows
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.01;
    Schedule schedule = Schedule::constant;
    double schedule_decay = 0.95;  // exponential: factor an epoch
    double clip_norm = 0;          // 0: off
    bool mirror = false;
    int shift = 0;           // bars that a window is moved by at most; 0: off
    double average = 0;      // decay of the parameters' running mean, a step; 0: off
    int patience = 0;        // epochs without a lower validation loss; 0: off
    int freeze_encoder = 0;  // epochs; see Learner
    int64_t seed = 0;
  } train;

  struct {  // epochs between two rows or files
    int uncertainty_every = 5;
    int features_every = 5;
    int gradients_every = 10;
    int checkpoint_every = 10;
    int diagnostics_every = 10;  // 0: off
  } record;

  struct {                     // what a run must reach to be called a success
    double loss_drop = 0.2;    // of the first epoch's validation loss
    double span_f1 = 0;        // above
    double separation = 0.05;  // above
  } criteria;

  /// The reported run. data.features are the first 12 of feature_table().
  Recipe();

  bool has(Task task) const;
  /// Whether the span loss is a plain mean over all bars of their binary cross-entropy, up to the
  /// weight of the positives: then it can be compared with the entropy of the base rate.
  bool span_loss_is_cross_entropy() const;
};

/// The detector's recipe, "best": what the lab recommends next to its findings' remedies.
Recipe recommended_recipe();

/// The declarations, bound to the fields of `recipe`, which must outlive them.
std::vector<Setting> settings_of(Recipe& recipe);

/// Names of the recipes in the library, those of the folder recipes/: "baseline", "best".
std::vector<std::string> recipe_names();

/// Reads a recipe and what it extends, then applies the overrides ("key=value") in order. A recipe
/// is a file, or one of recipe_names(), with or without ".toml", where there is no such file; so is
/// what it extends.
/// Throws Error naming file and line, or the override: no such recipe, no TOML, unknown setting
/// (with the nearest name), wrong type, out of range, unknown or repeated feature or task.
Recipe read_recipe(const std::filesystem::path& name, std::span<const std::string> overrides = {});

/// A recipe from the text of a file. `name`: for messages. It may extend those of recipe_names().
Recipe parse_recipe(const std::string& text, const std::string& name = "recipe");

/// read_settings() by those rules, for files that contain more than a recipe.
void read_recipe_settings(const std::filesystem::path& name, std::span<const Setting> settings);

/// The whole recipe as a TOML file, defaults included; read_recipe() of it gives the same recipe.
std::string recipe_text(const Recipe& recipe);

}  // namespace spanlab
