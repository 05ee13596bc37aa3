// The table of metrics, and values, thresholds and intervals by the scorer and the bootstrap.
#include "spanlab/metrics/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "spanlab/base/error.h"
#include "spanlab/metrics/metric_draws.h"
#include "spanlab/metrics/scored_check.h"

namespace spanlab {
namespace {

constexpr std::array<MetricInfo, kMetricCount> kTable{{
    {"average_precision", "average precision",
     "Area under the precision-recall curve of bars, 0..1; random scores give the base rate.",
     true},
    {"auroc", "AUROC",
     "Probability that a bar inside a span scores above one outside; 0.5 is random.", true},
    {"f1", "F1", "2 P R / (P + R) over all bars at the chosen threshold, 0..1.", true},
    {"precision", "precision", "Fraction of predicted bars that are inside spans, 0..1.", true},
    {"recall", "recall", "Fraction of bars inside spans that are predicted, 0..1.", true},
    {"f1_at_half", "F1 at 0.5", "F1 over all bars at threshold 0.5, 0..1.", true},
    {"segment_f1_10", "segment F1@10", "F1 over segments that overlap by 10 % or more, 0..1.",
     true},
    {"segment_f1_25", "segment F1@25", "F1 over segments that overlap by 25 % or more, 0..1.",
     true},
    {"segment_f1_50", "segment F1@50", "F1 over segments that overlap by 50 % or more, 0..1.",
     true},
    {"edit", "edit score", "Agreement in the number of segments of a window, 0..1.", true},
    {"tiou_map", "tIoU mAP",
     "Average precision of segments, mean over temporal IoU 0.50 to 0.95, 0..1.", true},
    {"hit3", "hit within 3 bars",
     "Fraction of spans with a predicted span whose start and end are both within 3 bars, 0..1.",
     true},
    {"start_error", "start error", "Mean distance of the first bars of matched spans, bars.",
     false},
    {"end_error", "end error", "Mean distance of the last bars of matched spans, bars.", false},
    {"separation", "separation", "Mean probability inside minus outside spans, -1..1.", true},
    {"log_loss", "log loss", "Mean negative log likelihood, nats per bar, from 0.", false},
    {"brier", "Brier score", "Mean squared difference of probability and label, 0..1.", false},
    {"brier_skill", "Brier skill",
     "1 - Brier score / that of always predicting the base rate; 0 is no skill, 1 is perfect.",
     true},
    {"calibration_error", "calibration error",
     "Mean |probability - observed frequency| in 10 bins of equal size, 0..1.", false},
}};

void check_weights(std::span<const double> weight, int windows) {
  if (weight.size() != static_cast<size_t>(windows)) {
    throw Error(fmt::format("{} weights for {} windows", weight.size(), windows),
                "give one weight for each window, or none");
  }
  // A NaN is none of those >= 0 either.
  if (!std::all_of(weight.begin(), weight.end(), [](double w) { return w >= 0; })) {
    throw Error("a window's weight is negative or not a number",
                "a weight is how often the window counts");
  }
}

std::vector<double> once(int windows) {
  return std::vector<double>(static_cast<size_t>(windows), 1.0);
}

void expect_same_windows(const ScoredWindows& a, const ScoredWindows& b) {
  const bool same = a.windows == b.windows && a.length == b.length &&
                    std::equal(a.mask.begin(), a.mask.end(), b.mask.begin(), b.mask.end()) &&
                    std::equal(a.group.begin(), a.group.end(), b.group.begin(), b.group.end());
  if (!same) {
    throw Error("the two sets of scores are from different windows",
                "score the same windows, in the same order, with both models");
  }
}

}  // namespace

std::span<const MetricInfo> metric_table() {
  return kTable;
}

const MetricInfo& info_of(Metric metric) {
  return kTable[static_cast<size_t>(metric)];
}

std::vector<double> metric_values(const ScoredWindows& scored, double threshold,
                                  std::span<const double> weight) {
  MetricScorer scorer(scored, threshold);
  if (!weight.empty()) check_weights(weight, scored.windows);
  const MetricArray values = scorer.values(
      weight.empty() ? once(scored.windows) : std::vector(weight.begin(), weight.end()));
  return {values.begin(), values.end()};
}

double best_f1_threshold(const ScoredWindows& scored) {
  check_scored(scored);
  if (any_nan(scored)) return std::numeric_limits<double>::quiet_NaN();
  const RankedBars ranked(scored);
  return best_f1_threshold(ranked.weigh(once(scored.windows)));
}

std::vector<Interval> metric_intervals(const ScoredWindows& scored, double threshold, uint64_t seed,
                                       int draws) {
  return intervals_of(draw_metrics(scored, threshold, seed, draws));
}

std::vector<Interval> metric_differences(const ScoredWindows& a, double threshold_a,
                                         const ScoredWindows& b, double threshold_b, uint64_t seed,
                                         int draws) {
  expect_same_windows(a, b);
  return intervals_of(difference_of(draw_metrics(a, threshold_a, seed, draws),
                                    draw_metrics(b, threshold_b, seed, draws)));
}

}  // namespace spanlab
