// From a run's evidence to its findings, in order of cause.
#pragma once

#include <string>
#include <vector>

#include "spanlab/diagnose/rule.h"

namespace spanlab {

/// Every rule, family by family.
const std::vector<Rule>& all_rules();

/// All findings of a run in order of cause: causes before their consequences, and among
/// equals the more severe one first.
std::vector<Finding> diagnose(const RunEvidence& evidence);

/// The findings in order of cause, by their leads_to and severity; also where these go in a circle.
std::vector<Finding> in_causal_order(const std::vector<Finding>& findings);

/// findings.json: the findings in their order, with their evidence and remedies, and what could not
/// be looked at. NaN and infinite values become null.
std::string findings_json(const std::vector<Finding>& findings, const RunEvidence& evidence);

}  // namespace spanlab
