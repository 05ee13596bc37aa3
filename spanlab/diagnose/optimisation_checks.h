// The checks of family O, one function a rule, and what they share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/model/parameters.h"

namespace spanlab {

std::optional<Finding> check_vanishing(const RunEvidence& evidence);     // O1
std::optional<Finding> check_exploding(const RunEvidence& evidence);     // O2
std::optional<Finding> check_update_ratio(const RunEvidence& evidence);  // O3
std::optional<Finding> check_gates(const RunEvidence& evidence);         // O4
std::optional<Finding> check_frozen(const RunEvidence& evidence);        // O5
std::optional<Finding> check_plateau(const RunEvidence& evidence);       // O6
std::optional<Finding> check_divergence(const RunEvidence& evidence);    // O7
std::optional<Finding> check_oscillation(const RunEvidence& evidence);   // O8
std::optional<Finding> check_schedule(const RunEvidence& evidence);      // O10
std::optional<Finding> check_decay(const RunEvidence& evidence);         // O12
std::optional<Finding> check_pace(const RunEvidence& evidence);          // P1

/// The places of the run's tensors (RunRecord::tensors) in its model; none of a name that the model
/// does not have.
std::vector<std::optional<Role>> roles_of_tensors(const RunEvidence& evidence);

}  // namespace spanlab
