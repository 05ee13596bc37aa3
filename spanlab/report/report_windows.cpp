// Best and worst validation windows in a run's report, as candlesticks.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "spanlab/document/format.h"
#include "spanlab/metrics/ranking.h"
#include "spanlab/report/report_sections.h"

namespace spanlab {
namespace {

constexpr size_t kShown = 3;

// A validation window: its place among the predictions, its number in the dataset, its score.
struct RankedWindow {
  size_t place;
  size_t window;
  double precision;  // average precision of its bars
};

double precision_within(std::span<const float> probability, std::span<const float> mask) {
  const int group[] = {0};
  const ScoredWindows scored{1, static_cast<int>(mask.size()), probability, mask, group};
  const RankedBars bars(scored);
  const double weight[] = {1};
  return average_precision(bars.weigh(weight));
}

// From the best to the worst; windows without a bar inside spans, or without numbers, are left out.
std::vector<RankedWindow> ranked_windows(const RunData& data, const Predictions& said) {
  const auto length = static_cast<size_t>(data.dataset.length);
  std::vector<RankedWindow> ranked;
  if (said.output.span.size() != said.windows.size() * length) return ranked;
  for (size_t place = 0; place < said.windows.size(); ++place) {
    const auto window = static_cast<size_t>(said.windows[place]);
    const std::span probability(said.output.span.data() + place * length, length);
    const std::span mask(data.dataset.mask.data() + window * length, length);
    if (!std::all_of(probability.begin(), probability.end(),
                     [](float p) { return std::isfinite(p); })) {
      continue;
    }
    const double precision = precision_within(probability, mask);
    if (std::isfinite(precision)) ranked.push_back({place, window, precision});
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.precision > b.precision; });
  return ranked;
}

std::vector<std::pair<int, int>> runs_above(std::span<const float> values, double threshold) {
  std::vector<std::pair<int, int>> runs;
  for (int t = 0; t < static_cast<int>(values.size()); ++t) {
    if (!(values[static_cast<size_t>(t)] >= threshold)) continue;
    if (!runs.empty() && runs.back().second == t - 1) {
      runs.back().second = t;
    } else {
      runs.emplace_back(t, t);
    }
  }
  return runs;
}

CandleChart chart_of(const RunData& data, const Predictions& said, const RankedWindow& ranked,
                     double threshold, const char* rank) {
  const auto length = static_cast<size_t>(data.dataset.length);
  const Window& window = data.windows[ranked.window];
  CandleChart chart;
  chart.title = fmt::format("{}: window {}, average precision {}", rank, window.id,
                            number(ranked.precision, 3));
  for (int64_t t = 0; t < data.dataset.length; ++t) {
    const Bar bar = data.series().bar(window.first_row + t);
    chart.bars.push_back({bar.open, bar.high, bar.low, bar.close});
  }
  const std::span probability(said.output.span.data() + ranked.place * length, length);
  chart.labelled = runs_above({data.dataset.mask.data() + ranked.window * length, length}, 0.5);
  chart.predicted = runs_above(probability, threshold);
  chart.probability.assign(probability.begin(), probability.end());
  chart.threshold = threshold;
  return chart;
}

}  // namespace

void add_windows(const RunEvidence& evidence, Document& document) {
  if (!evidence.data || !evidence.model) return;
  const RunData& data = *evidence.data;
  const Predictions& said = evidence.model->validation;
  const std::vector<RankedWindow> ranked = ranked_windows(data, said);
  if (ranked.empty()) return;
  double threshold = evidence.evaluation ? evidence.evaluation->model.threshold : 0.5;
  if (!std::isfinite(threshold)) threshold = 0.5;
  document.blocks.emplace_back(Heading{2, "Best and worst windows"});
  add_text(fmt::format("Validation windows by the average precision of their bars, of {}; the "
                       "threshold of predicted spans is {}.",
                       ranked.size(), number(threshold, 3)),
           document);
  const size_t shown = std::min(kShown, ranked.size());
  for (size_t i = 0; i < shown; ++i) {
    document.blocks.emplace_back(chart_of(data, said, ranked[i], threshold, "Best"));
  }
  // None twice.
  const size_t worst = std::min(kShown, ranked.size() - shown);
  for (size_t i = 0; i < worst; ++i) {
    document.blocks.emplace_back(
        chart_of(data, said, ranked[ranked.size() - 1 - i], threshold, "Worst"));
  }
}

}  // namespace spanlab
