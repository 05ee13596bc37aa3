// Findings for a terminal: a line of verdict each, the numbers, and what to try.
#pragma once

#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/report/document.h"

namespace spanlab {

/// A remedy's settings as they are typed: "--set 'train.clip_norm=1' --set 'train.epochs=20'".
std::string patch_text(const std::vector<std::string>& patch);

/// In their order; the first remedy of each. Without findings a sentence that says so.
Document findings_summary(const std::vector<Finding>& findings);

}  // namespace spanlab
