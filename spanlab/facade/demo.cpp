// Simulates the data; evaluates the failed run, fits a detector and writes the page.
#include "spanlab/facade/demo.h"

#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/file.h"
#include "spanlab/detect/detect.h"
#include "spanlab/detect/detection_text.h"
#include "spanlab/evaluate/evaluate_run.h"
#include "spanlab/evaluate/evaluation_sets.h"
#include "spanlab/facade/fit_and_lab.h"
#include "spanlab/market/bayes_ceiling.h"
#include "spanlab/report/demo_report.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/window.h"

namespace spanlab {
namespace {

constexpr int64_t kUnseenBars = 13'000;
constexpr uint64_t kDemoSeed = 42;

/// F1 of the posterior with the true parameters, from opens, highs, lows and closes, on the rows of
/// the windows.
double ceiling_on(const SimulatedMarket& market, const std::vector<Window>& windows, int length) {
  std::vector<int64_t> rows;
  for (const Window& window : windows) {
    for (int t = 0; t < length; ++t) rows.push_back(window.first_row + t);
  }
  return bayes_ceiling(expansion_posterior(market.bars, MarketModel{}, Sight::bars), market.spans,
                       rows)
      .f1;
}

FitResult fit_of(const DemoData& data, const HeldOut& unseen, const std::filesystem::path& folder,
                 const Job& job) {
  FitConfig config;
  config.recipe = recommended_recipe();
  config.held_out = unseen;
  config.folder = folder / "detector";
  return fit_detector(config, data.labelled, job);
}

double f1_of(const Judged& judged) {
  return judged.metrics[static_cast<size_t>(Metric::f1)].value;
}

}  // namespace

DemoData simulate_demo(const std::filesystem::path& folder) {
  SimulatedMarket market = simulate_market(kDemoSeenBars + kUnseenBars, kDemoSeed);
  std::vector<Span> spans = market.spans;
  CutSettings cut;
  cut.rows_before = kDemoSeenBars;
  std::vector<Window> windows = cut_windows(market.bars, spans, cut);
  const std::filesystem::path bars_file = folder / "bars.csv",
                              windows_file = folder / "windows.csv",
                              spans_file = folder / "spans.csv";
  make_folder(folder);
  write_bars(bars_file, market.bars);
  write_spans(spans_file, spans);
  write_windows(windows_file, windows);
  Labelled labelled{market.bars, std::move(windows), std::move(spans), {}};
  labelled.names = {bars_file.string(), windows_file.string(), spans_file.string()};
  return {std::move(labelled), std::move(market)};
}

DemoResult finish_demo(const DemoData& data, const Run& failed,
                       const std::vector<Finding>& findings, const std::filesystem::path& folder,
                       const Job& job) {
  const StopScope scope(job);
  const int threads = job.thread_count();
  const RunEvidence run = gather_run(failed.folder(), threads);
  HeldOut unseen;
  unseen.spans = data.labelled.spans.value();
  unseen.name = data.labelled.names.spans;
  DemoStory story{.baseline = evaluate_run(run, unseen, threads),
                  .findings = findings,
                  .fit = fit_of(data, unseen, folder, job),
                  .series = &data.labelled.bars,
                  .unseen = held_out_data(run.recipe.value(), run.data.value(), unseen).windows,
                  .detections = {}};
  const Detector& detector = story.fit.detector;
  const int length = detector.recipe.data.window;
  story.detections = detect(detector, *story.series, detector.default_delay, job).detections;
  if (data.market) story.ceiling_f1 = ceiling_on(*data.market, story.unseen, length);
  const Evaluation& test = story.fit.test.value();
  const Judged* rival = test.strongest_trivial();
  DemoResult result{.failed_f1 = f1_of(story.baseline.model),
                    .detector_f1 = f1_of(test.model),
                    .trivial_name = rival == nullptr ? "" : rival->name,
                    .trivial_f1 = rival == nullptr ? 0 : f1_of(*rival),
                    .ceiling_f1 = story.ceiling_f1,
                    .unseen_bars = static_cast<int64_t>(story.unseen.size()) * length,
                    .report = demo_report(story)};
  write_document(folder / "demo.html", result.report);
  write_detections(folder / "detections.csv", story.detections);
  return result;
}

}  // namespace spanlab
