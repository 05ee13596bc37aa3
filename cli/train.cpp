// spanlab train and resume: a run from bars and windows, and its continuation.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/run_summary.h"
#include "cli/shared_options.h"
#include "spanlab/facade/run.h"

namespace spanlab::cli {
namespace {

struct TrainOptions {
  std::string recipe, bars, windows, spans, start, out;
  std::vector<std::string> overrides;
  int threads = 0;
  bool quiet = false;
};

void train(const TrainOptions& options) {
  const Recipe recipe = read_recipe(options.recipe, options.overrides);
  const Labelled data =
      load_labelled({options.bars, options.windows, options.spans}, recipe.data.window);
  const StartWeights start = load_start(options.start);
  run_and_summarise(
      {.folder = options.out, .threads = options.threads, .quiet = options.quiet},
      [&](const Job& job) { return Run::train(recipe, data, options.out, job, start); });
}

void resume(const TrainOptions& options) {
  run_and_summarise(
      {.folder = options.out, .threads = options.threads, .quiet = options.quiet, .resumed = true},
      [&](const Job& job) {
        Run run = Run::open(options.out);
        run.resume(job);
        return run;
      });
}

void declare_train(Options& options, TrainOptions& values) {
  options
      .positional("recipe", values.recipe,
                  "Recipe: a file (TOML), or the name of a recipe of the program, such as baseline")
      .required();
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();
  options.option("--windows", values.windows, "Labelled windows: CSV").required();
  options.option("--spans", values.spans,
                 "Spans file: every span inside a window is labelled for the span task");
  options.option("--out", values.out, "Run folder: new or empty").required();
  options.option("--set", values.overrides,
                 fmt::format("Change a setting: train.epochs=20; `{} recipe --settings` lists them",
                             program_name()));
  add_start_option(options, values.start);
  add_threads_option(options, values.threads);
  options.flag("--quiet", values.quiet, "No progress, only the summary");
}

void declare_resume(Options& options, TrainOptions& values) {
  options.positional("folder", values.out, "Run folder").required();
  add_threads_option(options, values.threads);
  options.flag("--quiet", values.quiet, "No progress, only the summary");
}

}  // namespace

Command train_command() {
  return make_command<TrainOptions>("train", "Train a model and write a run folder", declare_train,
                                    train);
}

Command resume_command() {
  return make_command<TrainOptions>(
      "resume", "Continue an interrupted run, with bit-identical results", declare_resume, resume);
}

}  // namespace spanlab::cli
