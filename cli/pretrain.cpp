// spanlab pretrain: trains an encoder on unlabelled bars, to start runs from.
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/interruptible.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/recipe/recipe.h"
#include "spanlab/train/pretrain.h"

namespace spanlab::cli {
namespace {

struct PretrainOptions {
  std::string recipe, bars, out;
  std::vector<std::string> overrides;
  PretrainConfig config;
  int threads = 0;
  bool quiet = false;
};

PretrainConfig config_of(const PretrainOptions& options) {
  PretrainConfig config = options.config;
  const Recipe recipe = read_recipe(options.recipe, options.overrides);
  config.data = recipe.data;
  config.model = recipe.model;
  config.adamw = recipe.train.adamw;
  config.seed = recipe.train.seed;
  return config;
}

void print_result(const PretrainResult& result, const PretrainOptions& options) {
  const PretrainErrors& e = result.errors;
  fmt::print(
      "{} training windows, {} steps; errors of masked bars in the {} windows after them\n\n",
      result.windows, result.steps, result.tested);
  fmt::print("  {:<32}{:>8.4f}\n", "encoder at the start", e.start);
  fmt::print("  {:<32}{:>8.4f}\n", "encoder at the end", e.end);
  fmt::print("  {:<32}{:>8.4f}\n", "each feature's mean", e.constant);
  fmt::print("  {:<32}{:>8.4f}\n", "copy of the nearest open bar", e.copying);
  fmt::print("\n  encoder  {}\n\nTrain from it with:\n  {} train {} --start-from {} ...\n",
             options.out, program_name(), options.recipe, options.out);
  if (!std::isfinite(e.end)) {
    fmt::print("\nwarning: the error is NaN or infinite: lower --learning-rate\n");
  } else if (e.end >= e.constant) {
    fmt::print("\nwarning: the encoder is no better than the mean: it has learned nothing\n");
  }
}

void pretrain_encoder(const PretrainOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars}, {"RECIPE", options.recipe}});
  const PretrainConfig config = config_of(options);
  const Bars bars = load_bars(options.bars);
  const PretrainResult result =
      or_interrupted(options.threads, options.quiet, "nothing is written",
                     [&](const Job& job) { return pretrain(config, bars, job); });
  write_start_weights(options.out, result.encoder);
  print_result(result, options);
}

void declare(Options& options, PretrainOptions& values) {
  options
      .option("--recipe", values.recipe, "Recipe: a file, or the name of a recipe of the program")
      .required();
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();
  options.option("--out", values.out, "Weights file (.safetensors)").required();
  for (const Setting& setting : settings_of(values.config)) {
    Option& added = options.setting(setting);
    if (setting.name == "pretrain.steps") added.excludes("--epochs");
  }
  options.option("--set", values.overrides, "Change a setting: model.hidden=64, train.seed=1");
  add_threads_option(options, values.threads);
  options.flag("--quiet", values.quiet, "No progress, only the summary");
}

}  // namespace

Command pretrain_command() {
  return make_command<PretrainOptions>(
      "pretrain", "Pre-train the encoder on bars without labels, for --start-from", declare,
      pretrain_encoder);
}

}  // namespace spanlab::cli
