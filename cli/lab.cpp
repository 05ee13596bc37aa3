// spanlab lab: the baseline, its diagnosis, options and remedies compared, the best as a recipe.
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/interruptible.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/facade/fit_and_lab.h"
#include "spanlab/lab/lab.h"
#include "spanlab/report/reports.h"

namespace spanlab::cli {
namespace {

namespace fs = std::filesystem;

struct LabOptions {
  std::string recipe, bars, windows, spans;
  std::string out = "runs/lab";
  std::vector<std::string> overrides, also;
  HeldOutOptions held_out;
  LabConfig config;
  int threads = 0;
  bool no_detector = false, quiet = false;
};

void lab(const LabOptions& options) {
  LabConfig config = options.config;
  config.base = options.recipe.empty() ? Recipe() : read_recipe(options.recipe, options.overrides);
  if (options.recipe.empty()) config.base = patched(config.base, options.overrides);
  config.folder = options.out;
  if (!options.no_detector) {
    config.also.push_back(experiment_of("detector", recommended_recipe(), config.base,
                                        "the recipe that detectors are fitted with"));
  }
  for (const std::string& file : options.also) {
    config.also.push_back(experiment_of(fs::path(file).stem().string(), read_recipe(file),
                                        config.base, "given: " + file));
  }
  const Labelled data =
      load_labelled({options.bars, options.windows, options.spans}, config.base.data.window);
  config.held_out = options.held_out.read(&data);
  const LabResult result =
      or_interrupted(options.threads, options.quiet, continues_with(config.folder / "runs"),
                     [&](const Job& job) { return run_lab(config, data, job, program_name()); });
  print_document(lab_summary(result));
  fmt::print("\n  report       {}\n  best recipe  {}\n\nFit a detector with it:\n",
             (config.folder / "lab.html").string(), (config.folder / "best.toml").string());
  fmt::print("  {} fit --recipe {} --bars {} --windows {}{}\n", program_name(),
             (config.folder / "best.toml").string(), options.bars, options.windows,
             options.spans.empty() ? "" : " --spans " + options.spans);
}

void declare(Options& options, LabOptions& values) {
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();
  options.option("--windows", values.windows, "Labelled windows: CSV").required();

  options.option("--spans", values.spans,
                 "Spans file: every span inside a window is labelled for the span task");
  options.option("--recipe", values.recipe, "The baseline (default: the reported run's recipe)");
  options.option("--set", values.overrides, "Change a setting of the baseline: train.epochs=20");
  values.held_out.add_to(options);
  options.option("--out", values.out, "Folder for runs and reports; a stopped lab continues in it");
  options.settings(settings_of(values.config));
  options.option("--also", values.also, "Further recipes to try");
  options.flag("--no-detector", values.no_detector,
               "Do not try the recipe that detectors are fitted with");
  add_threads_option(options, values.threads);
  options.flag("--quiet", values.quiet, "No progress, only the summary");
}

}  // namespace

Command lab_command() {
  return make_command<LabOptions>(
      "lab", "Diagnose a recipe, try the remedies, and report which of them helped", declare, lab);
}

}  // namespace spanlab::cli
