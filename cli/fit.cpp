// spanlab fit: makes a detector from a recipe and labelled windows.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/interruptible.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/facade/fit_and_lab.h"
#include "spanlab/fit/fit.h"
#include "spanlab/report/reports.h"

namespace spanlab::cli {
namespace {

struct FitOptions {
  std::string recipe, config_file, bars, windows, spans, start;
  std::string out = "runs/detector";
  std::vector<std::string> overrides;
  HeldOutOptions held_out;
  FitConfig config;
  GivenSettings given;
  int threads = 0;
  bool quiet = false;
};

/// What the file says must fit together; what the line gives is blamed by its options.
void check_file(const FitConfig& config, const FitOptions& options) {
  try {
    check_fit(config);
  } catch (const Error& e) {
    for (const auto& [name, value] : options.given) {
      if (std::string_view(e.what()).starts_with(name)) throw;
    }
    throw FileError(options.config_file, e);
  }
}

FitConfig config_of(const FitOptions& options) {
  if (options.recipe.empty() && options.config_file.empty()) {
    throw UsageError("--recipe is required, or --config with the fit.toml of an earlier fit",
                     "give one of them");
  }
  if (!options.recipe.empty() && !options.config_file.empty()) {
    throw UsageError("--config excludes --recipe: the file of a fit contains its recipe's settings",
                     "give one of them; --set changes settings of either");
  }
  FitConfig config = options.config;
  if (options.config_file.empty()) {
    config.recipe = read_recipe(options.recipe, options.overrides);
  } else {
    read_fit(options.config_file, config);
    set_given(options.given, settings_of(config));
    config.recipe = patched(config.recipe, options.overrides);
    check_file(config, options);
  }
  config.folder = options.out;
  return config;
}

void fit(const FitOptions& options) {
  FitConfig config = config_of(options);
  const Labelled data =
      load_labelled({options.bars, options.windows, options.spans}, config.recipe.data.window);
  config.held_out = options.held_out.read(&data);
  const StartWeights start = load_start(options.start);
  const FitResult result =
      or_interrupted(options.threads, options.quiet, continues_with(config.folder / "runs"),
                     [&](const Job& job) { return fit_detector(config, data, job, start); });
  const std::string file = detector_file(config.folder).string();
  print_document(fit_report(result));
  fmt::print("\n  report    {}\n  detector  {}\n\nFind spans with it:\n  {} detect {} --bars {}\n",
             (config.folder / "fit.html").string(), file, program_name(), file, options.bars);
}

void declare(Options& options, FitOptions& values) {
  options.option("--recipe", values.recipe,
                 "Recipe: a file, or the name of a recipe of the program");
  options.option("--config", values.config_file,
                 "fit.toml of an earlier fit, which contains all settings, instead of --recipe");
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();
  options.option("--windows", values.windows, "Labelled windows: CSV").required();
  options.option("--spans", values.spans, "Spans file: every span inside a window is labelled");
  options.option("--set", values.overrides, "Change a setting: train.epochs=20");
  add_start_option(options, values.start);
  values.held_out.add_to(options);
  options.option("--out", values.out,
                 "Folder for runs, report and detector; a stopped fit continues in it");
  options.settings(settings_of(values.config), &values.given);
  add_threads_option(options, values.threads);
  options.flag("--quiet", values.quiet, "No progress, only the summary");
}

}  // namespace

Command fit_command() {
  return make_command<FitOptions>(
      "fit", "Make a detector: train, calibrate, choose thresholds, test", declare, fit);
}

}  // namespace spanlab::cli
