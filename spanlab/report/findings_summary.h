// Findings for a terminal: a line of verdict each, the numbers, and what to try.
#pragma once

#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/document/document.h"

namespace spanlab {

/// A remedy's settings as they are typed: "--set 'train.clip_norm=1' --set 'train.epochs=20'".
std::string patch_text(const std::vector<std::string>& patch);

/// The notes first: what was not looked at. Then the findings in their order, with the first remedy
/// of each; without findings a sentence that says so.
Document findings_summary(const std::vector<Finding>& findings,
                          const std::vector<std::string>& notes);

}  // namespace spanlab
