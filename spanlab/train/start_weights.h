// Weights that a run starts from instead of random ones, and the encoder's file among them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/base/safetensors.h"
#include "spanlab/model/parameters.h"
#include "spanlab/recipe/recipe.h"

namespace spanlab {

/// Replaces in `block` [table.size()] every tensor that the file has under the same name with the
/// same shape; their names. Heads of another shape are left as they are.
/// Throws Error if none fits, if a tensor of the encoder (lstm.*) has another shape, or if the file
/// says that it knows other features than the recipe's.
std::vector<std::string> start_from(const TensorFile& file, const Recipe& recipe,
                                    const ParameterTable& table, std::vector<float>& block);

/// Writes the encoder's tensors of `block` [table.size()] and the names of the features that it
/// knows, atomically.
void write_encoder(const std::filesystem::path& path, const Recipe& recipe,
                   const ParameterTable& table, const std::vector<float>& block);

}  // namespace spanlab
