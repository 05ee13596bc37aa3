// A trained model's predictions for windows, without dropout.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "spanlab/model/jade.h"
#include "spanlab/recipe/configs.h"
#include "spanlab/windows/dataset.h"

namespace spanlab {

/// Outputs of N windows.
struct Predictions {
  std::vector<int> windows;  ///< [N] their numbers in the dataset
  JadeOutput<float> output;  ///< heads' outputs, N windows of T bars
};

/// Parameters of a checkpoint or best-model file; their average if the run kept one. `path`: the
/// file. Throws Error (unreadable, or another shape than the model on the dataset's
/// features: which tensor, both shapes).
std::vector<float> load_model(const std::filesystem::path& path, const ModelConfig& config,
                              const Dataset& dataset);

/// `parameters`: as load_model() gives them. `batch`: windows in a pass. The result is the same for
/// any number of threads.
Predictions predict(const ModelConfig& config, int batch, const Dataset& dataset,
                    const std::vector<float>& parameters, std::span<const int> windows,
                    int threads);

}  // namespace spanlab
