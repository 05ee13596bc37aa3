// spanlab train, spanlab resume: a run from bars and windows, and on after a break.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/program_name.h"
#include "cli/run_summary.h"
#include "cli/start_option.h"
#include "cli/threads_option.h"
#include "spanlab/train/run.h"

namespace spanlab::cli {
namespace {

struct TrainOptions {
  std::string recipe, bars, windows, spans, start, out;
  std::vector<std::string> overrides;
  int threads = 0;
  bool quiet = false;
};

void add_run_options(CLI::App& command, TrainOptions& options) {
  add_threads_option(command, options.threads);
  command.add_flag("--quiet", options.quiet, "No progress, only the summary");
}

void train(const TrainOptions& options) {
  const Recipe recipe = read_recipe(options.recipe, options.overrides);
  const RunInputs inputs{options.bars, options.windows, options.spans, options.start};
  run_and_summarise(options.threads, options.quiet, [&](const RunOptions& run) {
    return train_run(recipe, inputs, options.out, run);
  });
}

void resume(const TrainOptions& options) {
  run_and_summarise(options.threads, options.quiet,
                    [&](const RunOptions& run) { return resume_run(options.out, run); });
}

}  // namespace

void add_train_command(CLI::App& app) {
  const auto options = std::make_shared<TrainOptions>();
  CLI::App* command = app.add_subcommand("train", "Train a model and leave a complete run folder");
  command->add_option("recipe", options->recipe, "Recipe (TOML), such as recipes/baseline.toml")
      ->required();
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--windows", options->windows, "Labelled windows: CSV")->required();
  command->add_option("--spans", options->spans,
                      "Spans file: every span that shows in a window counts for the span task");
  command->add_option("--out", options->out, "Run folder: new or empty")->required();
  command
      ->add_option(
          "--set", options->overrides,
          fmt::format("Change a setting: train.epochs=20; `{} recipe --settings` lists them",
                      program_name()))
      ->take_all();
  add_start_option(*command, options->start);
  add_run_options(*command, *options);
  command->callback([options] { train(*options); });
}

void add_resume_command(CLI::App& app) {
  const auto options = std::make_shared<TrainOptions>();
  CLI::App* command =
      app.add_subcommand("resume", "Go on with an interrupted run, to the same bits");
  command->add_option("folder", options->out, "Run folder")->required();
  add_run_options(*command, *options);
  command->callback([options] { resume(*options); });
}

}  // namespace spanlab::cli
