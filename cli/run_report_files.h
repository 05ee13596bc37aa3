// The files that a diagnosis leaves: findings.json, report.md and report.html.
#pragma once

#include <filesystem>
#include <vector>

#include "spanlab/diagnose/finding.h"

namespace spanlab::cli {

/// Diagnoses the run in `run` and writes the three files into `folder`. Returns the findings.
std::vector<Finding> write_run_report(const std::filesystem::path& run,
                                      const std::filesystem::path& folder, int threads);

}  // namespace spanlab::cli
