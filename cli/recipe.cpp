// spanlab recipe: shows a recipe with everything that it inherits, or what can be set.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/program_name.h"
#include "spanlab/train/recipe.h"

namespace spanlab::cli {
namespace {

struct Options {
  std::string path;
  std::vector<std::string> overrides;
  bool settings = false;
};

void run(const Options& options) {
  if (options.settings) {
    Recipe defaults;
    fmt::print("{}", settings_help(settings_of(defaults)));
  } else if (options.path.empty()) {
    throw UsageError("no recipe is named",
                     fmt::format("{} recipe recipes/baseline.toml, or --settings", program_name()));
  } else {
    fmt::print("{}", recipe_text(read_recipe(options.path, options.overrides)));
  }
}

}  // namespace

void add_recipe_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "recipe", "Print a recipe with all settings written out, or list the settings there are");
  command->add_option("recipe", options->path, "Recipe file (TOML)");
  command->add_option("--set", options->overrides, "Change a setting: train.epochs=20")
      ->take_all()
      ->allow_extra_args(false);
  command->add_flag("--settings", options->settings,
                    "List every setting with its range, default and meaning");
  command->callback([options] { run(*options); });
}

}  // namespace spanlab::cli
