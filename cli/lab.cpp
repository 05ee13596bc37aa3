// spanlab lab: the baseline, its diagnosis, options and remedies compared, the best as a recipe.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/held_out_options.h"
#include "cli/lab_progress.h"
#include "cli/load_bars.h"
#include "cli/number_range.h"
#include "cli/program_name.h"
#include "cli/progress.h"
#include "cli/run_report_files.h"
#include "cli/terminal.h"
#include "cli/threads_option.h"
#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/lab/lab.h"
#include "spanlab/report/lab_report.h"

namespace spanlab::cli {
namespace {

namespace fs = std::filesystem;

struct LabOptions {
  std::string recipe, bars, windows, spans;
  std::string out = "runs/lab";
  std::vector<std::string> overrides, also;
  HeldOutOptions held_out;
  int seeds = 3, folds = 0, remedies = 2, threads = 0;
  bool no_detector = false, quiet = false;
};

/// The report of every recipe's first run, in that run's folder.
void write_run_reports(const LabResult& result, int threads) {
  for (const RecipeResult& recipe : result.recipes) {
    write_run_report(recipe.runs.front(), recipe.runs.front(), threads);
  }
}

void write_lab(const LabResult& result, const fs::path& folder) {
  const Document report = lab_report(result);
  write_file_atomically(folder / "lab.html", html_of(report));
  write_file_atomically(folder / "lab.md", markdown_of(report));
  write_file_atomically(folder / "lab.json", lab_json(result));
  const RecipeResult& best = result.recipes[result.best];
  write_file_atomically(folder / "best.toml", recipe_text(best.recipe));
}

void lab(const LabOptions& options) {
  LabConfig config;
  config.base = options.recipe.empty() ? Recipe() : read_recipe(options.recipe, options.overrides);
  if (options.recipe.empty()) config.base = patched(config.base, options.overrides);
  config.inputs = {options.bars, options.windows, options.spans};
  config.held_out = options.held_out.inputs();
  config.folder = options.out;
  config.repetitions = options.seeds;
  config.folds = options.folds;
  config.proposals = options.remedies;
  if (!options.no_detector) {
    config.also.push_back(experiment_of("detector", recommended_recipe(), config.base,
                                        "the recipe that detectors are fitted with"));
  }
  for (const std::string& file : options.also) {
    config.also.push_back(experiment_of(fs::path(file).stem().string(), read_recipe(file),
                                        config.base, "asked for: " + file));
  }
  config.threads = threads_of(options.threads);
  note_faults_in(options.bars);

  LabProgress progress(options.quiet);
  const StopSignal signals;
  const std::optional<LabResult> result = run_lab(config, progress.hooks());
  progress.finish();
  if (!result) {
    throw Interrupted(fmt::format("stopped; the same command goes on with the runs in {}",
                                  (config.folder / "runs").string()));
  }
  write_lab(*result, config.folder);
  write_run_reports(*result, config.threads);
  print_document(lab_summary(*result));
  fmt::print("\n  report       {}\n  best recipe  {}\n\nMake a detector of it:\n",
             (config.folder / "lab.html").string(), (config.folder / "best.toml").string());
  fmt::print("  {} fit --recipe {} --bars {} --windows {}{}\n", program_name(),
             (config.folder / "best.toml").string(), options.bars, options.windows,
             options.spans.empty() ? "" : " --spans " + options.spans);
}

}  // namespace

void add_lab_command(CLI::App& app) {
  const auto options = std::make_shared<LabOptions>();
  CLI::App* command = app.add_subcommand(
      "lab", "Diagnose a recipe, try the remedies, and say which of them helped");
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--windows", options->windows, "Labelled windows: CSV")->required();
  command->add_option("--spans", options->spans,
                      "Spans file: every span that shows in a window counts for the span task");
  command->add_option("--recipe", options->recipe,
                      "The baseline (default: the reported run's recipe)");
  command
      ->add_option("--set", options->overrides, "Change a setting of the baseline: train.epochs=20")
      ->take_all();
  options->held_out.add_to(*command);
  command
      ->add_option("--out", options->out, "Folder for runs and reports; goes on where it stopped")
      ->capture_default_str();
  command->add_option("--seeds", options->seeds, "Runs of each recipe, on other splits and seeds")
      ->check(whole_between(1, 1000))
      ->capture_default_str();
  command
      ->add_option("--folds", options->folds,
                   "Cross-validation with so many folds of groups, instead of grouped splits")
      ->check(whole_between(2, 1000));
  command
      ->add_option("--remedies", options->remedies, "Recipes from the findings' remedies, at most")
      ->check(whole_between(0, 100))
      ->capture_default_str();
  command->add_option("--also", options->also, "Further recipes to try: files")->take_all();
  command->add_flag("--no-detector", options->no_detector,
                    "Leave out the recipe that detectors are fitted with");
  add_threads_option(*command, options->threads);
  command->add_flag("--quiet", options->quiet, "No progress, only the summary");
  command->callback([options] { lab(*options); });
}

}  // namespace spanlab::cli
