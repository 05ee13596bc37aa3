// Compares what can be compared before any window is scored.
#include "spanlab/detect/input_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "spanlab/features/pipeline.h"

namespace spanlab {
namespace {

constexpr double kMostDeviations = 1, kMostRatio = 2;
// Features are floats of order 1: a deviation below this is one of rounding.
constexpr double kLeastDeviation = 1e-6;

/// Mean and deviation of the detector's features over the series.
std::vector<InputScale> scales_of(const Detector& detector, const Bars& series) {
  const std::vector<int> columns = feature_indices(detector.recipe.data.features);
  std::vector<double> sum(columns.size()), squares(columns.size());
  FeatureStream stream(detector.recipe.data.window, columns);
  float all[kFeatureCount];
  for (int64_t row = 0; row < series.size(); ++row) {
    if (series.gap_before(row)) stream.reset();
    stream.push(series.bar(row), all);
    for (size_t f = 0; f < columns.size(); ++f) {
      const auto value = static_cast<double>(all[columns[f]]);
      sum[f] += value;
      squares[f] += value * value;
    }
  }
  std::vector<InputScale> scales;
  const auto bars = static_cast<double>(series.size());
  for (size_t f = 0; f < columns.size(); ++f) {
    const double mean = sum[f] / bars;
    scales.push_back({mean, std::sqrt(std::max(squares[f] / bars - mean * mean, 0.0))});
  }
  return scales;
}

void compare_inputs(const Detector& detector, const Bars& series,
                    std::vector<std::string>& warnings) {
  const std::vector<InputScale> scales = scales_of(detector, series);
  for (size_t f = 0; f < scales.size(); ++f) {
    const std::string& name = detector.recipe.data.features[f];
    // Where a bar stands in its window means nothing in a series.
    if (feature_index(name) == kPositionFeature) continue;
    const InputScale &here = scales[f], &trained = detector.inputs[f];
    const double deviation = std::max(trained.deviation, kLeastDeviation);
    const double away = std::abs(here.mean - trained.mean) / deviation;
    const double ratio = std::max(here.deviation, kLeastDeviation) / deviation;
    if (away > kMostDeviations || ratio > kMostRatio || ratio < 1 / kMostRatio) {
      warnings.push_back(fmt::format(
          "{} is {:.3g} on average with a deviation of {:.3g}; the detector was trained on {:.3g} "
          "and {:.3g}",
          name, here.mean, here.deviation, trained.mean, trained.deviation));
    }
  }
}

/// Bars in stretches that are shorter than a window.
int64_t silent_bars(const Detector& detector, const Bars& series) {
  int64_t silent = 0, begin = 0;
  for (int64_t row = 1; row <= series.size(); ++row) {
    if (row < series.size() && !series.gap_before(row)) continue;
    if (row - begin < detector.recipe.data.window) silent += row - begin;
    begin = row;
  }
  return silent;
}

}  // namespace

std::vector<std::string> input_warnings(const Detector& detector, const Bars& series) {
  std::vector<std::string> warnings;
  if (detector.bar_ms > 0 && series.bar_ms > 0 && series.bar_ms != detector.bar_ms) {
    warnings.push_back(fmt::format(
        "these bars are {} s long, the detector was trained on bars of {} s",
        static_cast<double>(series.bar_ms) / 1000, static_cast<double>(detector.bar_ms) / 1000));
  }
  const int64_t silent = silent_bars(detector, series);
  if (silent < series.size()) compare_inputs(detector, series, warnings);
  if (silent > 0) {
    warnings.push_back(
        fmt::format("{} of {} bars lie in stretches shorter than a window of {} bars, between "
                    "gaps: nothing is said of them",
                    silent, series.size(), detector.recipe.data.window));
  }
  return warnings;
}

}  // namespace spanlab
