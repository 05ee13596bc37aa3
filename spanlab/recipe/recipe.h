// A recipe: all settings of a run, with the reported run's values as defaults.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "spanlab/base/settings.h"
#include "spanlab/base/task.h"
#include "spanlab/loss/loss_config.h"
#include "spanlab/recipe/configs.h"
#include "spanlab/windows/split.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Settings by what they are for; a component takes the part that it needs. A field's initialiser
/// is the setting's default; its name, range and help are in recipe.cpp.
struct Recipe {
  WindowInputConfig data;
  SplitSettings split;
  ModelConfig model;
  LossConfig loss;
  BalancingConfig balancing;
  TrainConfig train;
  RecordConfig record;
  CriteriaConfig criteria;

  /// The reported run. data.features are the first 12 of feature_table().
  Recipe();

  bool has(Task task) const { return loss.has(task); }
  /// Whether the span loss can be compared with the entropy of the base rate.
  bool span_loss_is_cross_entropy() const {
    return model.span_head == SpanHead::bar && loss.is_cross_entropy();
  }
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
