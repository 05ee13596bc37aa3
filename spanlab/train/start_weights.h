// Weights that a run starts from instead of random ones.
#pragma once

#include <string>
#include <vector>

#include "spanlab/base/safetensors.h"
#include "spanlab/model/parameters.h"
#include "spanlab/windows/labelled.h"

namespace spanlab {

/// Replaces in `block` [table.size()] every tensor that the file has under the same name with the
/// same shape; their names. Heads of another shape are left as they are.
/// Throws Error if none fits, if a tensor of the encoder has another shape, or if the file
/// says that it knows other features than those of `input`.
std::vector<std::string> start_from(const TensorFile& file, const WindowInputConfig& input,
                                    const ParameterTable& table, std::vector<float>& block);

/// The encoder's tensors of `block` [table.size()] and the names of the features that it knows, as
/// weights to start from.
StartWeights encoder_weights(const WindowInputConfig& input, const ParameterTable& table,
                             const std::vector<float>& block);

}  // namespace spanlab
