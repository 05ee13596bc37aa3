// Measurements of a training batch, for the tables of diagnosis.
#pragma once

#include <span>
#include <vector>

#include "spanlab/base/task.h"
#include "spanlab/model/jade.h"
#include "spanlab/runs/tables.h"

namespace spanlab {

/// The rows of one batch.
struct BatchDiagnostics {
  TaskGradientsRow task_gradients;
  UpdateStatsRow updates;
  std::vector<GateStatsRow> gates;
};

/// `tasks`: T; `gram` [T, T] inner products of their gradients on the encoder; `weight` [T] what
/// each was multiplied with. A task that is not `present` [T] has empty cells, a gradient of 0 no
/// cosine.
TaskGradientsRow task_gradients_row(int epoch, std::span<const Task> tasks,
                                    std::span<const uint8_t> present, std::span<const double> gram,
                                    std::span<const double> weight);

/// `before`, `after`: the parameter block around a step, [table.size()].
UpdateStatsRow update_stats_row(int epoch, double learning_rate, const ParameterTable& table,
                                std::span<const float> before, std::span<const float> after);

/// All layers, directions and gates of the last training pass, before its backward pass.
std::vector<GateStatsRow> gate_stats_rows(int epoch, const Jade<float>& model);

}  // namespace spanlab
