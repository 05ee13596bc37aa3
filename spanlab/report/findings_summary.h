// Findings for a terminal: a line of verdict each, the numbers, and what to try.
#pragma once

#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/report/document.h"

namespace spanlab {

/// In their order; the first remedy of each. Without findings a sentence that says so.
Document findings_summary(const std::vector<Finding>& findings);

}  // namespace spanlab
