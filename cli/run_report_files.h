// The files that a diagnosis leaves: findings.json, report.md and report.html.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"

namespace spanlab::cli {

struct RunReport {
  std::vector<Finding> findings;
  std::vector<std::string> notes;  ///< as RunEvidence::notes
};

/// Diagnoses the run in `run` and writes the three files into `folder`.
RunReport write_run_report(const std::filesystem::path& run, const std::filesystem::path& folder,
                           int threads);

}  // namespace spanlab::cli
