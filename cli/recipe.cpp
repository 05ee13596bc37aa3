// spanlab recipe: prints a recipe with everything that it inherits, or all settings.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "spanlab/recipe/recipe.h"

namespace spanlab::cli {
namespace {

struct RecipeOptions {
  std::string path;
  std::vector<std::string> overrides;
  bool settings = false;
};

void run(const RecipeOptions& options) {
  if (options.settings) {
    Recipe defaults;
    fmt::print("{}", settings_help(settings_of(defaults)));
  } else if (options.path.empty()) {
    throw UsageError("the recipe is missing",
                     fmt::format("{} recipe baseline, or --settings", program_name()));
  } else {
    fmt::print("{}", recipe_text(read_recipe(options.path, options.overrides)));
  }
}

void declare(Options& options, RecipeOptions& values) {
  options.positional("recipe", values.path,
                     "Recipe: a file (TOML), or the name of a recipe of the program");
  options.option("--set", values.overrides, "Change a setting: train.epochs=20").one_value_each();
  options.flag("--settings", values.settings,
               "List every setting with its range, default and meaning");
}

}  // namespace

Command recipe_command() {
  return make_command<RecipeOptions>(
      "recipe", "Print a recipe with all its settings, or list all settings", declare, run);
}

}  // namespace spanlab::cli
