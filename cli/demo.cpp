// spanlab demo: the whole way once, from a simulated market (or the user's files) to a trained run.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/program_name.h"
#include "cli/run_report_files.h"
#include "cli/run_summary.h"
#include "cli/threads_option.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/error.h"
#include "spanlab/labels/spans.h"
#include "spanlab/labels/true_spans.h"
#include "spanlab/train/run.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/window_file.h"

namespace spanlab::cli {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kDemoBars = 27'000;  // as many as the reported run's windows came from
constexpr uint64_t kDemoSeed = 42;

struct DemoOptions {
  std::string bars, windows, out;
  int threads = 0;
  bool quiet = false;
};

/// runs/demo, or the first of runs/demo-2, runs/demo-3, ... that is not there yet.
fs::path free_folder() {
  fs::path folder = "runs/demo";
  for (int n = 2; fs::exists(folder); ++n) folder = fmt::format("runs/demo-{}", n);
  return folder;
}

/// Makes a market with known expansions and cuts windows around some of them.
RunInputs make_data(const fs::path& folder) {
  const SimulatedMarket market = simulate_market(kDemoBars, kDemoSeed, MarketModel{});
  const std::vector<Span> spans = true_spans(market);
  const std::vector<Window> windows = cut_windows(market.bars, spans, CutSettings{});
  fs::create_directories(folder);
  RunInputs inputs{folder / "bars.csv", folder / "windows.csv", {}};
  write_bars(inputs.bars, market.bars);
  write_spans(folder / "spans.csv", spans);
  write_windows(inputs.windows, windows);
  fmt::print("simulated {} bars with {} expansions and cut {} windows: {}\n", market.bars.size(),
             spans.size(), windows.size(), folder.string());
  return inputs;
}

void print_findings(const std::vector<Finding>& findings) {
  fmt::print("\nWhat is wrong with it, in order of cause:\n");
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::note) continue;
    fmt::print("  {:<4} {} ({})\n", finding.rule, finding.title, name_of(finding.severity));
  }
}

void demo(const DemoOptions& options) {
  if (options.bars.empty() != options.windows.empty()) {
    throw UsageError("--bars and --windows go together",
                     "give both, or neither for the simulated market");
  }
  const fs::path folder = options.out.empty() ? free_folder() : fs::path(options.out);
  if (fs::exists(folder) && !(fs::is_directory(folder) && fs::is_empty(folder))) {
    throw Error(folder.string() + " is there already and not an empty folder",
                "name a new folder with --out, or leave --out away");
  }
  const RunInputs inputs = options.bars.empty() ? make_data(folder / "data")
                                                : RunInputs{options.bars, options.windows, {}};
  run_and_summarise(options.threads, options.quiet, [&](const RunOptions& run) {
    return train_run(Recipe(), inputs, folder / "run", run);
  });
  print_findings(write_run_report(folder / "run", folder / "run", threads_of(options.threads)));
  fmt::print(
      "  report           {}\n\nThis is the recipe of the reported run, kept as it failed. Which "
      "remedies help:\n  {} lab --bars {} --windows {} --out {}\n",
      (folder / "run" / "report.html").string(), program_name(), inputs.bars.string(),
      inputs.windows.string(), (folder / "lab").string());
}

}  // namespace

void add_demo_command(CLI::App& app) {
  const auto options = std::make_shared<DemoOptions>();
  CLI::App* command = app.add_subcommand(
      "demo", "Train the reported run's recipe on a simulated market or your own files");
  command->add_option("--bars", options->bars, "Your own bars: CSV, plain or gzip");
  command->add_option("--windows", options->windows, "Your own labelled windows: CSV");
  command->add_option("--out", options->out, "Folder for data and run (default: runs/demo)");
  add_threads_option(*command, options->threads);
  command->add_flag("--quiet", options->quiet, "No progress, only the summary");
  command->callback([options] { demo(*options); });
}

}  // namespace spanlab::cli
