// spanlab fit: a recipe and labelled windows become a detector.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/fit_with_progress.h"
#include "cli/held_out_options.h"
#include "cli/load_bars.h"
#include "cli/number_range.h"
#include "cli/program_name.h"
#include "cli/start_option.h"
#include "cli/terminal.h"
#include "cli/threads_option.h"
#include "spanlab/base/file.h"
#include "spanlab/lab/fit.h"
#include "spanlab/report/fit_report.h"

namespace spanlab::cli {
namespace {

namespace fs = std::filesystem;

struct FitOptions {
  std::string recipe, bars, windows, spans, start;
  std::string out = "runs/detector";
  std::vector<std::string> overrides;
  HeldOutOptions held_out;
  FitConfig config;
  int threads = 0;
  bool quiet = false;
};

void fit(const FitOptions& options) {
  FitConfig config = options.config;
  std::sort(config.delays.begin(), config.delays.end());
  config.delays.erase(std::unique(config.delays.begin(), config.delays.end()), config.delays.end());
  config.recipe = read_recipe(options.recipe, options.overrides);
  config.inputs = {options.bars, options.windows, options.spans, options.start};
  config.held_out = options.held_out.inputs();
  config.folder = options.out;
  config.threads = threads_of(options.threads);
  note_faults_in(options.bars);
  const std::optional<FitResult> result = fit_with_progress(config, options.quiet);
  if (!result) {
    throw Interrupted(fmt::format("stopped; the same command goes on with the runs in {}",
                                  (config.folder / "runs").string()));
  }
  const fs::path file = detector_file(config.folder);
  const Document report = fit_report(*result);
  write_file_atomically(config.folder / "fit.html", html_of(report));
  write_file_atomically(config.folder / "fit.md", markdown_of(report));
  print_document(report);
  fmt::print("\n  report    {}\n  detector  {}\n\nFind spans with it:\n  {} detect {} --bars {}\n",
             (config.folder / "fit.html").string(), file.string(), program_name(), file.string(),
             options.bars);
}

}  // namespace

void add_fit_command(CLI::App& app) {
  const auto options = std::make_shared<FitOptions>();
  CLI::App* command =
      app.add_subcommand("fit", "Make a detector: train, calibrate, choose thresholds, test");
  command->add_option("--recipe", options->recipe, "Recipe file")->required();
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--windows", options->windows, "Labelled windows: CSV")->required();
  command->add_option("--spans", options->spans,
                      "Spans file: every span that shows in a window is labelled");
  command->add_option("--set", options->overrides, "Change a setting: train.epochs=20")->take_all();
  add_start_option(*command, options->start);
  options->held_out.add_to(*command);
  command
      ->add_option("--out", options->out,
                   "Folder for runs, report and detector; goes on if stopped")
      ->capture_default_str();
  command
      ->add_option("--folds", options->config.folds,
                   "Parts of the windows that are scored by models which have not seen them")
      ->check(whole_between(2, 100))
      ->capture_default_str();
  command->add_option("--members", options->config.members, "Models whose mean answer counts")
      ->check(whole_between(1, 100))
      ->capture_default_str();
  command
      ->add_option("--stride", options->config.stride,
                   "Bars between windows in detection: fewer is slower and sees more")
      ->check(whole_between(1, 10'000))
      ->capture_default_str();
  command
      ->add_option("--delays", options->config.delays,
                   "Bars that a decision may wait for: a threshold is chosen for each")
      ->capture_default_str();
  command->add_option("--delay", options->config.default_delay, "The delay that detection uses")
      ->capture_default_str();
  add_threads_option(*command, options->threads);
  command->add_flag("--quiet", options->quiet, "No progress, only the summary");
  command->callback([options] { fit(*options); });
}

}  // namespace spanlab::cli
