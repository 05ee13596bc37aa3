// Weighted sums over windows, and the metrics computed from them.
#include "spanlab/metrics/metric_scorer.h"

#include <algorithm>
#include <cmath>

#include "spanlab/base/number.h"
#include "spanlab/metrics/calibration.h"
#include "spanlab/metrics/scored_check.h"

namespace spanlab {
namespace {

using Term = WindowTerm;

// F1 from counts; 0 if nothing is found.
double f1(double hits, double predicted, double labelled) {
  return ratio(2 * hits, predicted + labelled);
}

double& at(MetricArray& values, Metric metric) {
  return values[static_cast<size_t>(metric)];
}

void add_bar_figures(const WindowSums& sum, MetricArray& values) {
  const double inside = sum[Term::inside];
  at(values, Metric::f1) = f1(sum[Term::hits], sum[Term::predicted], inside);
  // Nothing predicted: precision 0, not undefined, or silence would leave the comparison.
  at(values, Metric::precision) =
      sum[Term::predicted] > 0 ? sum[Term::hits] / sum[Term::predicted] : 0;
  at(values, Metric::recall) = ratio(sum[Term::hits], inside);
  at(values, Metric::f1_at_half) = f1(sum[Term::half_hits], sum[Term::half_predicted], inside);
  at(values, Metric::separation) = ratio(sum[Term::inside_sum], inside) -
                                   ratio(sum[Term::outside_sum], sum[Term::bars] - inside);
}

void add_segment_figures(const WindowSums& sum, MetricArray& values) {
  const double labelled = sum[Term::labelled_segments], predicted = sum[Term::predicted_segments];
  at(values, Metric::segment_f1_10) = f1(sum[Term::right_10], predicted, labelled);
  at(values, Metric::segment_f1_25) = f1(sum[Term::right_25], predicted, labelled);
  at(values, Metric::segment_f1_50) = f1(sum[Term::right_50], predicted, labelled);
  at(values, Metric::hit3) = ratio(sum[Term::span_hits], labelled);
  at(values, Metric::start_error) = ratio(sum[Term::start_error], sum[Term::matched]);
  at(values, Metric::end_error) = ratio(sum[Term::end_error], sum[Term::matched]);
}

// `sum` over bars > 0.
void add_probability_figures(const WindowSums& sum, const ScoreLevels& levels,
                             MetricArray& values) {
  const double base_rate = sum[Term::inside] / sum[Term::bars];
  const double brier = sum[Term::squares] / sum[Term::bars];
  at(values, Metric::log_loss) = sum[Term::log_loss] / sum[Term::bars];
  at(values, Metric::brier) = brier;
  at(values, Metric::brier_skill) = 1 - ratio(brier, base_rate * (1 - base_rate));
  at(values, Metric::calibration_error) = calibration_error(reliability_curve(levels));
}

std::span<const float> row(std::span<const float> values, int window, int length) {
  return values.subspan(static_cast<size_t>(window) * static_cast<size_t>(length),
                        static_cast<size_t>(length));
}

bool in_unit_interval(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float p) { return p >= 0 && p <= 1; });
}

// What can be ranked: nothing if a probability is NaN, which has no place in an order.
ScoredWindows rankable(const ScoredWindows& scored) {
  check_scored(scored);
  return scored.length == 0 || any_nan(scored) ? ScoredWindows{} : scored;
}

}  // namespace

MetricScorer::MetricScorer(const ScoredWindows& scored, double threshold)
    : windows_(scored.windows), bars_(rankable(scored)) {
  const ScoredWindows measured = rankable(scored);
  in_unit_ = in_unit_interval(measured.probability);
  std::vector<ScoredSegment> detections;
  for (int w = 0; w < measured.windows; ++w) {
    const std::span<const float> probability = row(measured.probability, w, measured.length);
    const std::span<const float> mask = row(measured.mask, w, measured.length);
    const std::vector<BarSegment> labelled = segments_above(mask, 0.5);
    const std::vector<BarSegment> predicted = segments_above(probability, threshold);
    sums_.push_back(window_sums(probability, mask, threshold, labelled, predicted));
    const std::vector<ScoredSegment> found = detect_segments(w, labelled, predicted, probability);
    detections.insert(detections.end(), found.begin(), found.end());
  }
  detections_ = DetectionRanking(std::move(detections));
}

MetricArray MetricScorer::values(std::span<const double> weight) {
  MetricArray values;
  values.fill(kNone);
  WindowSums sum{};
  for (size_t w = 0; w < sums_.size(); ++w) {
    for (size_t term = 0; term < Term::kCount; ++term) sum[term] += weight[w] * sums_[w][term];
  }
  if (!(sum[Term::bars] > 0)) return values;

  bars_.weigh(weight, levels_);
  at(values, Metric::edit) = sum[Term::edit] / sum[Term::windows];
  if (in_unit_) add_probability_figures(sum, levels_, values);
  if (!(sum[Term::inside] > 0)) return values;
  at(values, Metric::average_precision) = average_precision(levels_);
  at(values, Metric::auroc) = auroc(levels_);
  add_bar_figures(sum, values);
  add_segment_figures(sum, values);
  at(values, Metric::tiou_map) =
      detections_.mean_average_precision(weight, sum[Term::labelled_segments]);
  return values;
}

}  // namespace spanlab
