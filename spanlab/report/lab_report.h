// A lab as a report: what was tried, what it gave, which path was taken.
#pragma once

#include <string>

#include "spanlab/document/document.h"
#include "spanlab/lab/lab.h"

namespace spanlab {

/// The whole report.
Document lab_report(const LabResult& result);

/// A few lines for the terminal: the verdicts and the recipe to go on with.
Document lab_summary(const LabResult& result);

/// lab.json: every recipe with its patch, runs, figures, differences and verdict, and the path.
/// Numbers that are none become null.
std::string lab_json(const LabResult& result);

}  // namespace spanlab
