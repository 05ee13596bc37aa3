// docs/settings.md is made from the declarations of all settings; SPANLAB_ACCEPT=1 rewrites it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "spanlab/base/settings.h"
#include "spanlab/detect/detector.h"
#include "spanlab/fit/fit.h"
#include "spanlab/lab/lab.h"
#include "spanlab/labels/hindsight.h"
#include "spanlab/recipe/recipe.h"
#include "spanlab/train/pretrain.h"
#include "spanlab/windows/cut.h"
#include "tests/golden_file.h"

namespace spanlab {
namespace {

constexpr char kIntroduction[] = R"(# Settings

Every setting of a recipe and of the commands, with its range and default. Settings of a recipe are
written into a [recipe](recipes.md) or given as `--set train.epochs=20`; those of a command are its
options.

## Recipe

)";

std::string command_section(const std::string& command, const std::vector<Setting>& settings) {
  std::string text = fmt::format("\n## `spanlab {}`\n\n", command);
  text += "| option | setting | what | type | range | default |\n|---|---|---|---|---|---|\n";
  for (const Setting& setting : settings) {
    text += fmt::format("| `{}` | `{}` | {} | {} | {} | {} |\n", option_of(setting), setting.name,
                        setting.help, type_of(setting), setting.range, plain_text(setting.get()));
  }
  return text;
}

TEST(SettingsDocument, ListsEveryDeclaration) {
  Recipe recipe;
  FitConfig fit;
  LabConfig lab;
  PretrainConfig pretrain;
  DetectorUse use;
  HindsightRule rule;
  CutSettings cut;
  TileSettings tile;
  std::string text = kIntroduction + settings_table(settings_of(recipe));
  text +=
      command_section("fit", settings_of(fit)) +
      "\nA fit writes these and its recipe to `fit.toml`; `spanlab fit --config fit.toml` makes "
      "the same\ndetector again from the same data.\n";
  text += command_section("lab", settings_of(lab));
  text += command_section("pretrain", settings_of(pretrain));
  text += command_section("detect", settings_of(use)) +
          "\n`spanlab watch` and `spanlab replay` have the same options.\n";
  text += command_section("label hindsight", settings_of(rule));
  text += command_section("windows cut", settings_of(cut));
  text += command_section("windows tile", settings_of(tile));
  expect_golden("docs/settings.md", text);
}

}  // namespace
}  // namespace spanlab
