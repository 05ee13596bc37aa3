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
#include "spanlab/windows/dataset.h"
#include "spanlab/windows/split.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// How the losses of the tasks become one number to minimise.
enum class Balancing {
  uncertainty,  ///< sum of L / (2 sigma^2) + ln sigma, sigma learned (Kendall et al., CVPR 2018)
  sum,          ///< plain sum
};

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
  } split;

  struct {
    int hidden = 96;  // units of each LSTM direction
    int layers = 1;
    int projection = 64;
    double input_dropout = 0.3;
    double layer_dropout = 0.7;
    double head_dropout = 0.6;
  } model;

  struct {
    std::vector<Task> tasks{Task::type, Task::ptr, Task::span, Task::countdown};
    Balancing balancing = Balancing::uncertainty;
    double pointer_delta = 0.08;   // parts of a window
    double countdown_delta = 1.0;  // in units of the countdown target
    CountdownTarget countdown_target = CountdownTarget::clipped;
    double span_pos_weight = 1.0;
  } loss;

  struct {
    int epochs = 100;
    int batch = 32;  // windows
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.01;
    int64_t seed = 0;
  } train;

  struct {  // epochs between two rows or files
    int uncertainty_every = 5;
    int features_every = 5;
    int gradients_every = 10;
    int checkpoint_every = 10;
  } record;

  /// The reported run. data.features are the first 12 of feature_table().
  Recipe();

  bool has(Task task) const;
};

/// The declarations, bound to the fields of `recipe`, which must outlive them.
std::vector<Setting> settings_of(Recipe& recipe);

/// Reads a recipe file and what it extends, then applies the overrides ("key=value") in order.
/// Throws Error naming file and line, or the override: no TOML, unknown setting (with the nearest
/// name), wrong type, out of range, unknown or repeated feature or task.
Recipe read_recipe(const std::filesystem::path& path, std::span<const std::string> overrides = {});

/// The whole recipe as a TOML file, defaults included; read_recipe() of it gives the same recipe.
std::string recipe_text(const Recipe& recipe);

}  // namespace spanlab
