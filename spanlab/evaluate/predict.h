// What a trained model says of windows, dropout off.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "spanlab/model/jade.h"
#include "spanlab/recipe/recipe.h"
#include "spanlab/windows/dataset.h"

namespace spanlab {

/// Outputs of N windows.
struct Predictions {
  std::vector<int> windows;  ///< [N] their numbers in the dataset
  JadeOutput<float> output;  ///< heads' outputs, N windows of T bars
};

/// Parameters of a checkpoint or best-model file; their average if the run kept one. `path`: the
/// file. Throws Error (unreadable, or another shape than the recipe's model on the dataset's
/// features: which tensor, both shapes).
std::vector<float> load_model(const std::filesystem::path& path, const Recipe& recipe,
                              const Dataset& dataset);

/// `parameters`: as load_model() gives them. The result is the same for any number of threads.
Predictions predict(const Recipe& recipe, const Dataset& dataset,
                    const std::vector<float>& parameters, std::span<const int> windows,
                    int threads);

}  // namespace spanlab
