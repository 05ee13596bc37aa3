// Shares of the tasks in the loss, with the weights of each balancing method.
#include "spanlab/diagnose/task_shares.h"

#include <cmath>

#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

// The last row up to that epoch, or the first one; nullptr if there is none.
template <class Row>
const Row* row_at(const std::vector<Row>& rows, int epoch) {
  if (rows.empty()) return nullptr;
  const Row* found = &rows.front();
  for (const Row& row : rows) {
    if (row.epoch <= epoch) found = &row;
  }
  return found;
}

// The losses that 1 / L(0) divides by: before the first step, or else of the first epoch.
TaskCells initial_losses(const RunRecord& record) {
  for (const InitialLossesRow& row : record.initial_losses) {
    if (row.phase == Phase::train) return row.loss;
  }
  for (const LossComponentsRow& row : record.loss_components) {
    if (row.phase == Phase::train) return row.loss;
  }
  return {};
}

TaskCells inverse(const TaskCells& loss) {
  TaskCells weight;
  for (size_t t = 0; t < kTaskCount; ++t) {
    if (loss[t] && *loss[t] > 0) weight[t] = 1 / *loss[t];
  }
  return weight;
}

TaskCells recorded_weights(const RunRecord& record, int epoch) {
  const TaskGradientsRow* row = row_at(record.task_gradients, epoch);
  return row != nullptr ? row->weight : TaskCells{};
}

// What the losses of an epoch are multiplied with, up to a common factor.
TaskCells weights_at(const RunEvidence& evidence, int epoch, const TaskCells& loss) {
  const RunRecord& record = evidence.record;
  if (!evidence.recipe || evidence.recipe->balancing.method == Balancing::uncertainty) {
    const UncertaintyParamsRow* row = row_at(record.uncertainty_params, epoch);
    return row != nullptr ? row->weight : TaskCells{};
  }
  const BalancingConfig& balancing = evidence.recipe->balancing;
  switch (balancing.method) {
    case Balancing::sum:
      return {1, 1, 1, 1};
    case Balancing::fixed:
      return {balancing.weights[0], balancing.weights[1], balancing.weights[2],
              balancing.weights[3]};
    case Balancing::initial_loss:
      return inverse(initial_losses(record));
    case Balancing::uncertainty_optimal:
      return inverse(loss);
    default:
      return recorded_weights(record, epoch);
  }
}

// Scaled to a sum of 1; all none if one of `loss`'s cells has none here, or the sum is not
// positive.
TaskCells shares_of(const TaskCells& values, const TaskCells& loss) {
  double sum = 0;
  for (size_t t = 0; t < kTaskCount; ++t) {
    if (!loss[t]) continue;
    if (!values[t] || !(*values[t] >= 0)) return {};
    sum += *values[t];
  }
  if (!(sum > 0) || !std::isfinite(sum)) return {};
  TaskCells shares;
  for (size_t t = 0; t < kTaskCount; ++t) {
    if (loss[t]) shares[t] = *values[t] / sum;
  }
  return shares;
}

}  // namespace

std::vector<TaskShares> task_shares(const RunEvidence& evidence, Phase phase) {
  std::vector<TaskShares> all;
  for (const LossComponentsRow& row : evidence.record.loss_components) {
    if (row.phase != phase) continue;
    TaskShares shares{row.epoch, row.loss, 0, shares_of(row.loss, row.loss), {}, {}};
    const TaskCells weight = weights_at(evidence, row.epoch, row.loss);
    TaskCells product;
    for (size_t t = 0; t < kTaskCount; ++t) {
      shares.total += row.loss[t].value_or(0);
      if (row.loss[t] && weight[t]) product[t] = *row.loss[t] * *weight[t];
    }
    if (!(shares.total > 0) || !std::isfinite(shares.total)) continue;
    shares.weighted = shares_of(product, row.loss);
    shares.weight = shares_of(weight, row.loss);
    all.push_back(shares);
  }
  return all;
}

}  // namespace spanlab
