// Recipes by name: files, and those built into the library.
#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/settings_toml.h"
#include "spanlab/base/text.h"
#include "spanlab/recipe/recipe.h"

namespace spanlab {

/// Names and texts of the files in recipes/, by name; written by the build.
extern const std::span<const std::pair<std::string_view, std::string_view>> built_in_recipes;

namespace {

constexpr std::string_view kEnding = ".toml";

std::optional<SettingsText> find_built_in(const std::string& name);

SettingsText extended_built_in(const std::string& name) {
  if (std::optional<SettingsText> found = find_built_in(name)) return std::move(*found);
  throw Error("extends " + in_quotes(name) + ", but the library has no such recipe",
              "it has " + listed(recipe_names()));
}

std::optional<SettingsText> find_built_in(const std::string& name) {
  std::string_view stem = name;
  if (stem.ends_with(kEnding)) stem.remove_suffix(kEnding.size());
  for (const auto& [known, text] : built_in_recipes) {
    if (known != stem) continue;
    const std::string shown = "built-in " + std::string(known) + std::string(kEnding);
    return SettingsText{shown, shown, std::string(text), extended_built_in};
  }
  return std::nullopt;
}

SettingsText find_recipe(const std::filesystem::path& name) {
  const bool there = is_there(name);
  std::error_code ignored;
  if (there && !std::filesystem::is_directory(name, ignored))
    return settings_file(name, find_built_in);
  if (std::optional<SettingsText> found = find_built_in(name.string())) return std::move(*found);
  if (there) return settings_file(name);  // which says that it is a folder
  const std::vector<std::string> names = recipe_names();
  const std::string near = nearest_name(name.stem().string(), names);
  throw Error("there is no recipe " + name.string(),
              (near.empty() ? "" : "did you mean " + near + "? ") + "give a file, or one of " +
                  listed(names));
}

/// The file of a fit has all settings of a recipe and more.
void refuse_fit(const SettingsText& recipe) {
  constexpr std::string_view kSection = "[fit]";
  if (!recipe.text.starts_with(kSection) &&
      recipe.text.find("\n" + std::string(kSection)) == std::string::npos) {
    return;
  }
  throw Error(recipe.name + " is the file of a fit, not a recipe: it has a section [fit]",
              "the command `fit` repeats the fit; without that section the file is a recipe");
}

}  // namespace

std::vector<std::string> recipe_names() {
  std::vector<std::string> names;
  for (const auto& recipe : built_in_recipes) names.emplace_back(recipe.first);
  return names;
}

void read_recipe_settings(const std::filesystem::path& name, std::span<const Setting> settings) {
  read_settings(find_recipe(name), settings);
}

Recipe read_recipe(const std::filesystem::path& name, std::span<const std::string> overrides) {
  Recipe recipe;
  const std::vector<Setting> settings = settings_of(recipe);
  const SettingsText text = find_recipe(name);
  refuse_fit(text);
  read_settings(text, settings);
  for (const std::string& assignment : overrides) override_setting(assignment, settings);
  return recipe;
}

Recipe parse_recipe(const std::string& text, const std::string& name) {
  Recipe recipe;
  read_settings(SettingsText{name, name, text, extended_built_in}, settings_of(recipe));
  return recipe;
}

Recipe recommended_recipe() {
  Recipe recipe;
  read_settings(extended_built_in("best"), settings_of(recipe));
  return recipe;
}

}  // namespace spanlab
