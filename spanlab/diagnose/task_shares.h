// The share of each task in the loss, unweighted and as weighted in training.
#pragma once

#include <optional>
#include <vector>

#include "spanlab/evaluate/run_evidence.h"

namespace spanlab {

/// Shares of the tasks in one epoch's loss. Tasks without a loss have none.
struct TaskShares {
  int epoch;
  TaskCells loss;
  double total;        ///< plain sum of `loss`
  TaskCells raw;       ///< loss over total, 0..1
  TaskCells weighted;  ///< the same of weight x loss; none where the weights are not known
  TaskCells weight;    ///< the weights, scaled to a sum of 1
};

/// An epoch each; epochs in which a loss is not a positive number are left out. The weights are
/// those of the recipe's balancing: of uncertainty_params.csv for uncertainty weighting, computed
/// from the losses where the method is a formula of them, of task_gradients.csv for the others.
std::vector<TaskShares> task_shares(const RunEvidence& evidence, Phase phase);

}  // namespace spanlab
