// The checks of family M, one function a rule, and what they share.
#pragma once

#include <optional>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/diagnose/task_shares.h"
#include "spanlab/evaluate/run_evidence.h"

namespace spanlab {

std::optional<Finding> check_dominance(const RunEvidence& evidence);           // M1
std::optional<Finding> check_gradient_dominance(const RunEvidence& evidence);  // M2
std::optional<Finding> check_sigma_lag(const RunEvidence& evidence);           // M3
std::optional<Finding> check_sigma_pathology(const RunEvidence& evidence);     // M4
std::optional<Finding> check_conflict(const RunEvidence& evidence);            // M5
std::optional<Finding> check_starvation(const RunEvidence& evidence);          // M6
std::optional<Finding> check_method(const RunEvidence& evidence);              // M8

/// A share of the weighted loss is large from 1.8 / tasks on.
inline constexpr double kLargeShareTimesTasks = 1.8;
/// Of the plain sum of the losses, a share is large from here on.
inline constexpr double kLargeRawShare = 0.7;

/// The task with the largest cell; none if no cell is filled.
std::optional<Task> largest(const TaskCells& cells);
/// How many cells are filled.
int filled(const TaskCells& cells);

/// Weighted norms of the tasks' gradients on the encoder, scaled to a sum of 1; all none if they
/// are no numbers.
TaskCells gradient_shares(const TaskGradientsRow& row);

/// What brings a task that dominates by its scale back among the others, best first.
std::vector<Remedy> remedies_for_scale(const RunEvidence& evidence, Task task);

}  // namespace spanlab
