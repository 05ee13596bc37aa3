// spanlab demo: the whole way once, from a simulated market (or the user's files) and a run that
// fails to a detector at work.
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/interruptible.h"
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
  fmt::print("simulated {} bars with {} expansions and cut {} windows from the first {}: {}\n",
             data.labelled.bars.size(), data.labelled.spans->size(), data.labelled.windows.size(),
             kDemoSeenBars, folder.string());
  return data;
}

/// What completes a demo that was stopped: it does not go on half-way.
std::string start_again(const fs::path& folder, const DemoOptions& options) {
  std::string command = fmt::format("{} demo --out {}", program_name(), folder.string());
  for (const auto& [name, file] : {std::pair("--bars", &options.bars),
                                   {"--windows", &options.windows},
                                   {"--spans", &options.spans}}) {
    if (!file->empty()) command += fmt::format(" {} {}", name, *file);
  }
  return fmt::format("delete {} and start again with: {}", folder.string(), command);
}

void print_findings(const std::vector<Finding>& findings) {
  fmt::print("\nWhat is wrong with it, in order of cause:\n");
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::note) continue;
    fmt::print("  {:<4} {} ({})\n", finding.rule, finding.title, name_of(finding.severity));
  }
}

/// The run that fails: on the windows' own labels, whatever else is known.
Run train_failing(Labelled data, const fs::path& folder, const DemoOptions& options) {
  data.spans.reset();
  const std::string run = (folder / "run").string();
  return run_and_summarise({.folder = run,
                            .threads = options.threads,
                            .quiet = options.quiet,
                            .go_on = start_again(folder, options)},
                           [&](const Job& job) { return Run::train(Recipe(), data, run, job); });
}

void repair(const DemoData& data, const Run& failed, const std::vector<Finding>& findings,
            const fs::path& folder, const DemoOptions& options) {
  fmt::print("\nThe detector's recipe on the same windows, all their spans labelled:\n");
  const DemoResult result = or_interrupted(
      options.threads, options.quiet, start_again(folder, options),
      [&](const Job& job) { return finish_demo(data, failed, findings, folder, job); });
  fmt::print("\nOn {} bars that neither had seen:\n", result.unseen_bars);
  fmt::print("  F1 of the failed recipe   {:.3f}\n  F1 of the detector        {:.3f}\n",
             result.failed_f1, result.detector_f1);
  if (result.ceiling_f1) {
    fmt::print("  F1 of the best possible   {:.3f}  (true parameters known)\n", *result.ceiling_f1);
  }
}

void demo(const DemoOptions& options) {
  const bool own = !options.bars.empty();
  if (own == options.windows.empty() || (!options.spans.empty() && !own)) {
    throw UsageError("--bars and --windows go together, and --spans with both",
                     "give them, or none of them for the simulated market");
  }
  const fs::path folder = options.out.empty() ? free_folder() : fs::path(options.out);
  if (fs::exists(folder) && !(fs::is_directory(folder) && fs::is_empty(folder))) {
    throw Error(folder.string() + " is there already and not an empty folder",
                "name a new folder with --out, or leave --out away");
  }
  const DemoData data = own ? read_own_data(options) : make_data(folder / "data");
  const Run run = train_failing(data.labelled, folder, options);
  const Diagnosis diagnosis =
      or_interrupted(options.threads, true, start_again(folder, options),
                     [&](const Job& job) { return run.diagnose(job, program_name()); });
  write_diagnosis(diagnosis, run.folder());
  const std::vector<Finding>& findings = diagnosis.findings;
  print_findings(findings);
  fmt::print("  report           {}\n", (run.folder() / "report.html").string());
  const std::string inputs =
      fmt::format("--bars {} --windows {}", data.labelled.names.bars, data.labelled.names.windows);
  if (!data.labelled.spans) {
    fmt::print("\nWhich remedies help, and a detector of the best:\n  {} lab {} --out {}\n",
               program_name(), inputs, (folder / "lab").string());
    return;
  }
  repair(data, run, findings, folder, options);
  fmt::print("  the whole story  {}\n  detections       {}\n  detector         {}\n",
             (folder / "demo.html").string(), (folder / "detections.csv").string(),
             detector_file(folder / "detector").string());
  fmt::print("\nWhich of the remedies help by themselves:\n  {} lab {} --out {}\n", program_name(),
             inputs, (folder / "lab").string());
}

void declare(Options& options, DemoOptions& values) {
  options.option("--bars", values.bars, "Your own bars: CSV, plain or gzip");
  options.option("--windows", values.windows, "Your own labelled windows: CSV");
  options.option("--spans", values.spans,
                 "Every span of these bars: to label the windows completely, and to test on the "
                 "bars after them");
  options.option("--out", values.out, "Folder for all that comes out (default: runs/demo)");
  add_threads_option(options, values.threads);
  options.flag("--quiet", values.quiet, "No progress, only the summary");
}

}  // namespace

Command demo_command() {
  return make_command<DemoOptions>("demo",
                                   "From the reported run, as it failed, to a detector at work; on "
                                   "a simulated market or your own files",
                                   declare, demo);
}

}  // namespace spanlab::cli
