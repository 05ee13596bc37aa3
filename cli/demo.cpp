// spanlab demo: a run that fails, its diagnosis, and a detector, on a simulated market or on the
// user's files.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/interruptible.h"
#include "cli/output.h"
#include "cli/run_summary.h"
#include "cli/shared_options.h"
#include "spanlab/base/error.h"
#include "spanlab/facade/demo.h"
#include "spanlab/fit/fit.h"

namespace spanlab::cli {
namespace {

namespace fs = std::filesystem;

struct DemoOptions {
  std::string bars, windows, spans, out;
  int threads = 0;
  bool quiet = false;
};

DemoData read_own_data(const DemoOptions& options) {
  return {load_labelled({options.bars, options.windows, options.spans}, kWindowLength)};
}

/// runs/demo, or the first of runs/demo-2, runs/demo-3, ... that is not there yet.
fs::path free_folder() {
  fs::path folder = "runs/demo";
  for (int n = 2; fs::exists(folder); ++n) folder = fmt::format("runs/demo-{}", n);
  return folder;
}

DemoData make_data(const fs::path& folder) {
  DemoData data = simulate_demo(folder);
  fmt::print("Simulated {} bars with {} expansions; {} windows cut from the first {}: {}\n",
             data.labelled.bars.size(), data.labelled.spans->size(), data.labelled.windows.size(),
             kDemoSeenBars, folder.string());
  return data;
}

/// What completes a demo that was stopped: it does not continue half-way.
std::string start_again(const fs::path& folder, const DemoOptions& options) {
  std::string command = fmt::format("{} demo --out {}", program_name(), folder.string());
  for (const auto& [name, file] : {std::pair("--bars", &options.bars),
                                   {"--windows", &options.windows},
                                   {"--spans", &options.spans}}) {
    if (!file->empty()) command += fmt::format(" {} {}", name, *file);
  }
  return fmt::format("delete {} and start again with: {}", folder.string(), command);
}

void print_heading(int step, std::string_view text) {
  fmt::print("\n{}. {}\n\n", step, text);
  std::fflush(stdout);  // what follows takes a while
}

/// The run that fails: on the windows' own labels, whatever else is known.
Run train_failing(Labelled data, const fs::path& folder, const DemoOptions& options) {
  data.spans.reset();
  const std::string run = (folder / "run").string();
  return run_and_summarise({.folder = run,
                            .threads = options.threads,
                            .quiet = options.quiet,
                            .brief = true,
                            .go_on = start_again(folder, options)},
                           [&](const Job& job) { return Run::train(Recipe(), data, run, job); });
}

void print_test(const DemoResult& result) {
  fmt::print("{:<34}{:>8}\n", fmt::format("test on {} unseen bars", result.unseen_bars), "F1");
  fmt::print("{:<34}{:>8.3f}\n", "failed recipe", result.failed_f1);
  if (!result.trivial_name.empty()) {
    fmt::print("{:<34}{:>8.3f}  {}\n", "best trivial predictor", result.trivial_f1,
               result.trivial_name);
  }
  fmt::print("{:<34}{:>8.3f}\n", "detector", result.detector_f1);
  if (result.ceiling_f1) {
    fmt::print("{:<34}{:>8.3f}  {}\n", "best possible", *result.ceiling_f1,
               "with the market's true parameters");
  }
  fmt::print(
      "\nThresholds are chosen on windows before the test bars. The report has the intervals.\n");
}

void print_lab(const DemoData& data, const fs::path& folder) {
  fmt::print("  {} lab --bars {} --windows {} --out {}\n", program_name(), data.labelled.names.bars,
             data.labelled.names.windows, (folder / "lab").string());
}

void demo(const DemoOptions& options) {
  const bool own = !options.bars.empty();
  if (own == options.windows.empty() || (!options.spans.empty() && !own)) {
    throw UsageError("--bars and --windows go together, and --spans with both",
                     "give them, or none of them for the simulated market");
  }
  const fs::path folder = options.out.empty() ? free_folder() : fs::path(options.out);
  if (fs::exists(folder) && !(fs::is_directory(folder) && fs::is_empty(folder))) {
    throw Error(folder.string() + " exists and is not an empty folder",
                "give a new folder with --out, or omit --out");
  }
  const DemoData data = own ? read_own_data(options) : make_data(folder / "data");

  print_heading(1, "Train the reported run's recipe, which fails");
  const Run run = train_failing(data.labelled, folder, options);

  print_heading(2, "Diagnose it");
  const Diagnosis diagnosis =
      or_interrupted(options.threads, true, start_again(folder, options),
                     [&](const Job& job) { return run.diagnose(job, program_name()); });
  write_diagnosis(diagnosis, run.folder());
  print_document(diagnosis.summary);
  fmt::print("\nAll {} findings: {}\n", diagnosis.findings.size(),
             (run.folder() / "report.html").string());
  if (!data.labelled.spans) {
    fmt::print("\nNext: test which remedies help, and fit a detector with the best of them\n");
    return print_lab(data, folder);
  }

  print_heading(
      3, "Fit a detector with the recommended recipe, with all spans of the windows labelled");
  const DemoResult result = or_interrupted(
      options.threads, options.quiet, start_again(folder, options),
      [&](const Job& job) { return finish_demo(data, run, diagnosis.findings, folder, job); });
  print_test(result);
  fmt::print("\n{:<12}{}\n{:<12}{}\n{:<12}{}\n", "report", (folder / "demo.html").string(),
             "detections", (folder / "detections.csv").string(), "detector",
             detector_file(folder / "detector").string());
  fmt::print("\nNext: test which remedies help the failed recipe\n");
  print_lab(data, folder);
}

void declare(Options& options, DemoOptions& values) {
  options.option("--bars", values.bars, "Your own bars: CSV, plain or gzip");
  options.option("--windows", values.windows, "Your own labelled windows: CSV");
  options.option(
      "--spans", values.spans,
      "Every span of these bars: labels the windows completely and tests on the bars after them");
  options.option("--out", values.out, "Folder for all results (default: runs/demo)");
  add_threads_option(options, values.threads);
  options.flag("--quiet", values.quiet, "No progress, only the summary");
}

}  // namespace

Command demo_command() {
  return make_command<DemoOptions>(
      "demo", "From a failed run to a working detector, on a simulated market or your own files",
      declare, demo);
}

}  // namespace spanlab::cli
