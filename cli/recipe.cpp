// spanlab recipe: shows a recipe with everything that it inherits, or what can be set.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
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
    throw UsageError("no recipe is named", "spanlab recipe recipes/baseline.toml, or --settings");
  } else {
    fmt::print("{}", recipe_text(read_recipe(options.path, options.overrides)));
  }
}

}  // namespace

void add_recipe_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "recipe", "Print a recipe with all settings written out, or list the settings there are");
  command->add_option("recipe", options->path, "recipe file (TOML)");
  command->add_option("--set", options->overrides, "change a setting: key=value, repeatable")
      ->take_all()
      ->allow_extra_args(false);
  command->add_flag("--settings", options->settings,
                    "list every setting with its range, default and meaning");
  command->callback([options] { run(*options); });
}

}  // namespace spanlab::cli
