// Predictions for windows that the model has not seen, per window and as a stream.
#pragma once

#include <span>
#include <vector>

#include "spanlab/detect/detector.h"
#include "spanlab/metrics/metrics.h"
#include "spanlab/train/training_data.h"

namespace spanlab {

/// Of a fold: its model, and the windows that it has not seen.
struct FoldModel {
  std::vector<float> parameters;
  std::vector<int> windows;        ///< [n] numbers in the dataset
  std::vector<float> probability;  ///< [n, T] of these windows, whole
};

/// N windows, fold by fold.
struct OutOfFold {
  std::vector<int> windows;        ///< [N] numbers in the dataset
  std::vector<float> probability;  ///< [N, T]
  std::vector<float> mask;         ///< [N, T]
  std::vector<int> group;          ///< [N]

  ScoredWindows scored(int length) const {
    return {.windows = static_cast<int>(windows.size()),
            .length = length,
            .probability = probability,
            .mask = mask,
            .group = group};
  }
};

/// The folds' windows, one fold after the other.
OutOfFold join_folds(std::span<const FoldModel> folds, const RunData& data);

/// The probabilities of the same bars, [N, T], if each had been decided `delay` bars later in a
/// stream (see BarDecider), by the model of its fold. `detector`: recipe, calibration and stride.
/// Where the stream's first window stands differs from window to window.
std::vector<float> delayed_probabilities(std::span<const FoldModel> folds, const RunData& data,
                                         const Detector& detector, int delay, int threads);

}  // namespace spanlab
