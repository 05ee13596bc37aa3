// spanlab pretrain: bars without labels become an encoder to start from.
#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/load_bars.h"
#include "cli/number_range.h"
#include "cli/output_file.h"
#include "cli/program_name.h"
#include "cli/progress.h"
#include "cli/progress_line.h"
#include "cli/threads_option.h"
#include "spanlab/train/pretrain.h"
#include "spanlab/train/start_weights.h"

namespace spanlab::cli {
namespace {

constexpr char kPatch[] = "patch", kRandom[] = "random";

struct PretrainOptions {
  std::string recipe, bars, out;
  std::string kind = kPatch;
  std::vector<std::string> overrides;
  std::vector<double> share{0.15, 0.4};
  int64_t end_row = -1, steps = -1;  // not given
  PretrainConfig config;
  int threads = 0;
  bool quiet = false;
};

PretrainConfig config_of(const PretrainOptions& options) {
  PretrainConfig config = options.config;
  config.recipe = read_recipe(options.recipe, options.overrides);
  config.bars = options.bars;
  config.mask.kind = options.kind == kPatch ? MaskKind::patch : MaskKind::random;
  config.mask.lowest = options.share.front();
  config.mask.highest = options.share.back();
  if (config.mask.lowest > config.mask.highest) {
    throw UsageError("--share names the smaller share first",
                     fmt::format("--share {} {}", config.mask.highest, config.mask.lowest));
  }
  if (options.end_row >= 0) config.end_row = options.end_row;
  if (options.steps >= 0) config.steps = options.steps;
  config.threads = threads_of(options.threads);
  return config;
}

void print_result(const PretrainResult& result, const PretrainOptions& options) {
  const PretrainErrors& e = result.errors;
  fmt::print(
      "{} windows trained on in {} steps; errors of masked bars in {} windows behind them\n\n",
      result.windows, result.steps, result.tested);
  fmt::print("  {:<32}{:>8.4f}\n", "encoder at the start", e.start);
  fmt::print("  {:<32}{:>8.4f}\n", "encoder at the end", e.end);
  fmt::print("  {:<32}{:>8.4f}\n", "each feature's mean", e.constant);
  fmt::print("  {:<32}{:>8.4f}\n", "copy of the nearest open bar", e.copying);
  fmt::print("\n  encoder  {}\n\nTrain from it with:\n  {} train {} --start-from {} ...\n",
             options.out, program_name(), options.recipe, options.out);
  if (!std::isfinite(e.end)) {
    fmt::print("\nwarning: the error is not a finite number: lower --learning-rate\n");
  } else if (e.end >= e.constant) {
    fmt::print("\nwarning: the encoder does no better than the mean: it has learned nothing\n");
  }
}

void pretrain_encoder(const PretrainOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars}, {"RECIPE", options.recipe}});
  const PretrainConfig config = config_of(options);
  note_faults_in(options.bars, config.end_row);
  ProgressLine line(options.quiet);
  PretrainHooks hooks;
  hooks.on_step = [&](int64_t step, int64_t steps, double error) {
    line.show(fmt::format("step {}/{}  error {:.4f}", step, steps, error));
  };
  hooks.stop_requested = StopSignal::requested;
  const StopSignal signals;
  const std::optional<PretrainResult> result = pretrain(config, hooks);
  line.finish();
  if (!result) throw Interrupted("stopped; nothing is written");
  write_encoder(options.out, config.recipe, result->table, result->parameters);
  print_result(*result, options);
}

}  // namespace

void add_pretrain_command(CLI::App& app) {
  const auto options = std::make_shared<PretrainOptions>();
  PretrainConfig& config = options->config;
  CLI::App* command = app.add_subcommand(
      "pretrain", "Pre-train the encoder on bars without labels, for --start-from");
  command->add_option("--recipe", options->recipe, "Recipe file")->required();
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip; of any length")
      ->required();
  command->add_option("--out", options->out, "Weights file (.safetensors)")->required();
  command->add_option("--end-row", options->end_row, "Read the bars before this row only")
      ->check(whole_from(0));
  command
      ->add_option("--kind", options->kind,
                   "What is masked: bars on their own (random) or runs of them (patch)")
      ->check(CLI::IsMember(std::vector<std::string>{kPatch, kRandom}))
      ->capture_default_str();
  command->add_option("--share", options->share, "Share of the bars masked, at least and at most")
      ->expected(1, 2)
      ->check(number_between(0.01, 0.9))
      ->capture_default_str();
  command->add_option("--run", config.mask.run, "Bars in a patch")
      ->check(whole_between(1, 10'000))
      ->capture_default_str();
  command->add_option("--stride", config.stride, "Bars between the starts of windows")
      ->check(whole_between(1, 10'000))
      ->capture_default_str();
  command->add_option("--buffer", config.buffer, "Windows in memory, to draw the next one from")
      ->check(whole_between(1, 10'000'000))
      ->capture_default_str();
  CLI::Option* epochs = command->add_option("--epochs", config.epochs, "Passes over the bars")
                            ->check(whole_between(1, 1'000'000))
                            ->capture_default_str();
  command->add_option("--steps", options->steps, "Steps, instead of epochs")
      ->check(whole_from(1))
      ->excludes(epochs);
  command->add_option("--batch", config.batch, "Windows in a step")
      ->check(whole_between(1, 65'536))
      ->capture_default_str();
  command->add_option("--learning-rate", config.learning_rate, "Peak of the learning rate")
      ->check(number_above(0))
      ->capture_default_str();
  command
      ->add_option("--set", options->overrides, "Change a setting: model.hidden=64, train.seed=1")
      ->take_all();
  add_threads_option(*command, options->threads);
  command->add_flag("--quiet", options->quiet, "No progress, only the summary");
  command->callback([options] { pretrain_encoder(*options); });
}

}  // namespace spanlab::cli
