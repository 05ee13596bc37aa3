// Compares means and deviations of the features with those of training.
#include "spanlab/detect/detect.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "spanlab/features/pipeline.h"

namespace spanlab {
namespace {

constexpr double kMostDeviations = 1, kMostRatio = 2;
// Features are floats of order 1: a deviation below this is one of rounding.
constexpr double kLeastDeviation = 1e-6;

InputScale scale_of(double sum, double squares, double bars) {
  const double mean = sum / bars;
  return {mean, std::sqrt(std::max(squares / bars - mean * mean, 0.0))};
}

void compare_inputs(const Detector& detector, const SeenInputs& seen, int64_t bars,
                    std::vector<std::string>& warnings) {
  for (size_t f = 0; f < seen.sum.size(); ++f) {
    const std::string& name = detector.recipe.data.features[f];
    // Where a bar stands in its window means nothing in a series.
    if (feature_index(name) == kPositionFeature) continue;
    const InputScale here = scale_of(seen.sum[f], seen.squares[f], static_cast<double>(bars));
    const InputScale& trained = detector.inputs[f];
    const double deviation = std::max(trained.deviation, kLeastDeviation);
    const double away = std::abs(here.mean - trained.mean) / deviation;
    const double ratio = std::max(here.deviation, kLeastDeviation) / deviation;
    if (away > kMostDeviations || ratio > kMostRatio || ratio < 1 / kMostRatio) {
      warnings.push_back(
          fmt::format("feature {} has mean {:.3g} and standard deviation {:.3g}; in training they "
                      "were {:.3g} and {:.3g}",
                      name, here.mean, here.deviation, trained.mean, trained.deviation));
    }
  }
}

}  // namespace

std::vector<std::string> input_warnings(const Detector& detector, const Bars& series,
                                        const SeenInputs& seen) {
  std::vector<std::string> warnings;
  if (detector.bar_ms > 0 && series.bar_ms > 0 && series.bar_ms != detector.bar_ms) {
    warnings.push_back(fmt::format(
        "these bars are {} s long, the detector was trained on bars of {} s",
        static_cast<double>(series.bar_ms) / 1000, static_cast<double>(detector.bar_ms) / 1000));
  }
  if (seen.silent < series.size()) compare_inputs(detector, seen, series.size(), warnings);
  if (seen.silent > 0) {
    warnings.push_back(
        fmt::format("{} of {} bars lie between gaps, in stretches shorter than a window of {} "
                    "bars: they are not scored",
                    seen.silent, series.size(), detector.recipe.data.window));
  }
  return warnings;
}

}  // namespace spanlab
