// The metrics of a span detector, over windows with weights, and their intervals.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace spanlab {

/// Order of the rows in tables and reports.
enum class Metric {
  average_precision,
  auroc,
  f1,             ///< bars, at the chosen threshold
  precision,      ///< likewise
  recall,         ///< likewise
  f1_at_half,     ///< bars, at 0.5
  segment_f1_10,  ///< segments that overlap by 10 % (MS-TCN), at the chosen threshold; 0..1
  segment_f1_25,
  segment_f1_50,
  edit,         ///< 0..1
  tiou_map,     ///< mean over tIoU 0.5 .. 0.95 (ActivityNet)
  hit3,         ///< share of labelled spans with a predicted one whose both ends lie within 3 bars
  start_error,  ///< mean |start error| of matched spans, bars
  end_error,    ///< mean |end error| of matched spans, bars
  separation,   ///< mean probability inside minus outside spans
  log_loss,     ///< nats a bar
  brier,
  brier_skill,        ///< 1 - Brier / (base rate (1 - base rate))
  calibration_error,  ///< 10 bins of equal mass
};
inline constexpr int kMetricCount = 19;

struct MetricInfo {
  std::string_view name;   ///< key in files: "average_precision"
  std::string_view label;  ///< for people: "average precision"
  std::string_view help;   ///< one line: what it is, unit, range
  bool higher_is_better;
};

/// In the order of the enum.
std::span<const MetricInfo> metric_table();
const MetricInfo& info_of(Metric metric);

/// Probabilities and labels of N windows of T bars. The arrays must outlive it. Scores outside 0..1
/// can be ranked: the figures that need a probability (log loss, Brier, calibration) are NaN then.
struct ScoredWindows {
  int windows = 0;                     ///< N
  int length = 0;                      ///< T
  std::span<const float> probability;  ///< [N, T]
  std::span<const float> mask;         ///< [N, T] 1 inside spans, else 0
  std::span<const int> group;          ///< [N] windows of one group are drawn together
};

/// A value with its 95 % interval; NaN where it is not defined (no labelled bar, nothing matched).
struct Interval {
  double value, low, high;
};

/// All metrics, [kMetricCount]. `weight` [N]: how often each window counts; empty: once. A bar is
/// predicted where its probability is >= `threshold`; a span is a maximal run of bars. Sums run
/// over all windows (the edit score is a mean over windows). Without a bar inside spans only edit,
/// log loss, Brier and calibration are defined; if a probability is NaN, nothing is. Throws Error
/// if sizes do not fit or a weight is negative.
std::vector<double> metric_values(const ScoredWindows& scored, double threshold,
                                  std::span<const double> weight = {});

/// The threshold of highest bar F1 on these windows. Use it on others, never on these. NaN without
/// a bar inside spans or if a probability is NaN; throws Error if sizes do not fit.
double best_f1_threshold(const ScoredWindows& scored);

/// That of one metric among `metrics` [kMetricCount].
inline const Interval& of(const std::vector<Interval>& metrics, Metric metric) {
  return metrics[static_cast<size_t>(metric)];
}

/// All metrics with percentile intervals by bootstrap over groups, [kMetricCount]; without limits
/// (NaN) where there is one group only. Draws in which a metric is not defined are left out of its
/// interval. Throws Error if sizes do not fit.
std::vector<Interval> metric_intervals(const ScoredWindows& scored, double threshold, uint64_t seed,
                                       int draws = 2000);

/// Differences a - b on the same windows (same N, T, mask, group), drawn in pairs. Throws Error if
/// they are not the same or sizes do not fit.
std::vector<Interval> metric_differences(const ScoredWindows& a, double threshold_a,
                                         const ScoredWindows& b, double threshold_b, uint64_t seed,
                                         int draws = 2000);

enum class Verdict { helps, no_evidence, hurts };

/// "helps", "no evidence", "hurts".
const char* name_of(Verdict verdict);

/// From the interval of a difference in a metric of which more is better: helps if it lies above
/// 0, hurts if below, and otherwise, or without limits, no evidence.
Verdict verdict_of(const Interval& difference);

}  // namespace spanlab
