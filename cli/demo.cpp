// spanlab demo: the whole way once, from a simulated market (or the user's files) and a run that
// fails to a detector at work.
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/job_progress.h"
#include "cli/run_summary.h"
#include "cli/shared_options.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/detect/detect.h"
#include "spanlab/detect/detection_text.h"
#include "spanlab/evaluate/evaluate_run.h"
#include "spanlab/evaluate/held_out_data.h"
#include "spanlab/facade/run_shared.h"
#include "spanlab/fit/fit_shared.h"
#include "spanlab/labels/spans.h"
#include "spanlab/market/bayes_ceiling.h"
#include "spanlab/market/market_posterior.h"
#include "spanlab/market/true_spans.h"
#include "spanlab/report/demo_report.h"
#include "spanlab/train/run.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/window_file.h"

namespace spanlab::cli {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSeenBars = 27'000;  // as many as the reported run's windows came from
constexpr int64_t kUnseenBars = 13'000;
constexpr uint64_t kDemoSeed = 42;

struct DemoOptions {
  std::string bars, windows, spans, out;
  int threads = 0;
  bool quiet = false;
};

/// What the demo works on; `market` only where the bars are simulated.
struct DemoData {
  TrainingFiles files;                   ///< for commands that messages suggest
  TrainingData labelled;                 ///< windows with their own labels
  std::optional<TrainingData> complete;  ///< with every span
  std::optional<SimulatedMarket> market;
};

DemoData demo_data(TrainingFiles files, Labelled labelled, std::optional<std::vector<Span>> spans) {
  DemoData data{std::move(files), TrainingData(labelled), {}, {}};
  if (spans) {
    labelled.spans = std::move(spans);
    data.complete.emplace(std::move(labelled));
  }
  return data;
}

DemoData read_own_data(const DemoOptions& options) {
  std::optional<std::vector<Span>> spans;
  Labelled labelled = read_labelled({options.bars, options.windows}, kWindowLength);
  labelled.names.spans = options.spans;
  if (!options.spans.empty()) spans = read_spans(options.spans);
  DemoData data = demo_data({options.bars, options.windows, options.spans, {}}, std::move(labelled),
                            std::move(spans));
  note_faults(options.bars, data.labelled.bar_faults());
  return data;
}

/// runs/demo, or the first of runs/demo-2, runs/demo-3, ... that is not there yet.
fs::path free_folder() {
  fs::path folder = "runs/demo";
  for (int n = 2; fs::exists(folder); ++n) folder = fmt::format("runs/demo-{}", n);
  return folder;
}

/// Makes a market with known expansions and cuts windows around some of the earlier ones.
DemoData make_data(const fs::path& folder) {
  SimulatedMarket market = simulate_market(kSeenBars + kUnseenBars, kDemoSeed, MarketModel{});
  const std::vector<Span> spans = true_spans(market);
  CutSettings cut;
  cut.rows_before = kSeenBars;
  const std::vector<Window> windows = cut_windows(market.bars, spans, cut);
  fs::create_directories(folder);
  const TrainingFiles files{folder / "bars.csv", folder / "windows.csv", folder / "spans.csv", {}};
  write_bars(files.bars, market.bars);
  write_spans(files.spans, spans);
  write_windows(files.windows, windows);
  DemoData data =
      demo_data(files, {market.bars, windows, {}, {files.bars, files.windows, files.spans}}, spans);
  fmt::print("simulated {} bars with {} expansions and cut {} windows from the first {}: {}\n",
             market.bars.size(), spans.size(), windows.size(), kSeenBars, folder.string());
  data.market = std::move(market);
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

/// F1 of the posterior with the true parameters, on the rows of the windows.
double ceiling_on(const SimulatedMarket& market, const std::vector<Window>& windows, int length) {
  std::vector<int64_t> rows;
  for (const Window& window : windows) {
    for (int t = 0; t < length; ++t) rows.push_back(window.first_row + t);
  }
  return bayes_ceiling(expansion_posterior(market.bars, MarketModel{}), true_spans(market), rows)
      .f1;
}

/// The detector, on labels of all spans in the same windows, tested on the bars behind them. In
/// `folder`/detector.
FitResult fit_on(const DemoData& data, const fs::path& folder, const HeldOut& unseen,
                 const DemoOptions& options) {
  FitConfig config;
  config.recipe = recommended_recipe();
  config.held_out = unseen;
  config.folder = folder / "detector";
  return or_interrupted(options.threads, options.quiet, start_again(folder, options),
                        [&](const Job& job) { return fit_detector(config, *data.complete, job); });
}

/// Repairs the failed run and writes the page of the whole story.
void repair(const DemoData& data, const std::vector<Finding>& findings, const fs::path& folder,
            const DemoOptions& options) {
  const int threads = threads_of(options.threads);
  HeldOut unseen;
  unseen.spans = *data.complete->labelled().spans;
  unseen.name = data.files.spans;
  const RunEvidence failed = gather_run(folder / "run", threads, &data.labelled);
  fmt::print("\nThe detector's recipe on the same windows, all their spans labelled:\n");
  DemoStory story{evaluate_run(failed, unseen, threads),
                  findings,
                  fit_on(data, folder, unseen, options),
                  &failed.data->series(),
                  held_out_data(*failed.recipe, *failed.data, unseen).windows,
                  {},
                  {}};
  const Detector& detector = story.fit.detector;
  const Bars& series = *story.series;
  story.detections =
      detect(detector, series, detector.default_delay, {.threads = threads}).detections;
  if (data.market) {
    story.ceiling_f1 = ceiling_on(*data.market, story.unseen, detector.recipe.data.window);
  }
  const Document page = demo_report(story);
  write_file_atomically(folder / "demo.html", html_of(page));
  write_file_atomically(folder / "detections.csv", detections_csv(story.detections));
  const auto f1 = [](const Evaluation& e) {
    return e.model.metrics[static_cast<size_t>(Metric::f1)].value;
  };
  fmt::print("\nOn {} bars that neither had seen:\n", story.unseen.size() * kWindowLength);
  fmt::print("  F1 of the failed recipe   {:.3f}\n  F1 of the detector        {:.3f}\n",
             f1(story.baseline), f1(*story.fit.test));
  if (story.ceiling_f1) {
    fmt::print("  F1 of the best possible   {:.3f}  (true parameters known)\n", *story.ceiling_f1);
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
  const auto train = [&](const RunOptions& run) {
    return train_run(Recipe(), data.labelled, folder / "run", run);
  };
  run_and_summarise(options.threads, options.quiet, train, start_again(folder, options));
  const Diagnosis diagnosis =
      diagnosis_of(folder / "run", &data.labelled, {.threads = options.threads}, program_name());
  write_diagnosis(diagnosis, folder / "run");
  const std::vector<Finding>& findings = diagnosis.findings;
  print_findings(findings);
  fmt::print("  report           {}\n", (folder / "run" / "report.html").string());
  const std::string inputs =
      fmt::format("--bars {} --windows {}", data.files.bars, data.files.windows);
  if (!data.complete) {
    fmt::print("\nWhich remedies help, and a detector of the best:\n  {} lab {} --out {}\n",
               program_name(), inputs, (folder / "lab").string());
    return;
  }
  repair(data, findings, folder, options);
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
