// Which parameters are trained, and their initial values.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "spanlab/loss/balancer.h"
#include "spanlab/model/parameters.h"
#include "spanlab/recipe/configs.h"
#include "spanlab/train/adamw_state.h"
#include "spanlab/windows/dataset.h"

namespace spanlab {

/// The parameters that one of the tasks has a gradient at, the log-scales only if the
/// balancing learns them. The others stay as they were initialised: no weight decay either.
std::vector<AdamWPart> trained_parts(const std::vector<Task>& tasks,
                                     const BalancingConfig& balancing, const ParameterTable& table,
                                     bool learns_log_scale);

/// Epochs from the start in which the parameter at `offset` of the block keeps its value:
/// `freeze_encoder` of the top one of the encoder's `layers`, as many more of each layer below it,
/// 0 of what is no encoder. Howard and Ruder, "Universal language model fine-tuning for text
/// classification", ACL 2018: gradual unfreezing.
int64_t frozen_epochs(int freeze_encoder, int layers, const ParameterTable& table, size_t offset);

/// Initial values of the block, [table.size()]. `train`: the windows whose bars give the base rate
/// of a span head that starts there.
std::vector<float> initial_parameters(const ModelConfig& model, uint64_t seed,
                                      const ParameterTable& table, const Dataset& dataset,
                                      std::span<const int> train);

/// Throws Error, with the nearest name, if the table has no such parameter.
const Parameter& require_parameter(const ParameterTable& table, std::string_view name);

}  // namespace spanlab
