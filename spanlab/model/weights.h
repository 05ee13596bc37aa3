// Reads and writes parameters as weight files.
#pragma once

#include <string>
#include <vector>

#include "spanlab/base/safetensors.h"
#include "spanlab/model/parameters.h"

namespace spanlab {

/// Appends a tensor named `prefix` + name for every parameter of `block` [table.size()].
void append_tensors(const ParameterTable& table, const float* block, const std::string& prefix,
                    std::vector<Tensor>& tensors);

/// Fills `block` [table.size()] from the tensors named `prefix` + name.
/// Throws Error naming file and tensor if one is missing or has another shape.
void load_tensors(const TensorFile& file, const ParameterTable& table, const std::string& prefix,
                  float* block);

}  // namespace spanlab
