// The report of a run: the page that the reported run's authors wrote by hand, from any run's own
// evidence.
#pragma once

#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/document/document.h"
#include "spanlab/evaluate/run_evidence.h"

namespace spanlab {

/// Every section for which there is evidence. `findings`: in the order of diagnose(). `program`:
/// what the commands of the next experiments begin with.
Document run_report(const RunEvidence& evidence, const std::vector<Finding>& findings,
                    const std::string& program = "spanlab");

}  // namespace spanlab
