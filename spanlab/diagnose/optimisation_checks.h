// The checks of family O, one function a rule, and what they share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/evaluate/run_evidence.h"

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

/// Whether one of `tasks` trains this tensor of the model, by its name; log_sigmas are left out.
bool trains(const std::string& tensor, const std::vector<Task>& tasks);
/// A tensor of a head, not of the shared encoder.
bool is_head(const std::string& tensor);

}  // namespace spanlab
