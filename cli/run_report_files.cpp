// Evidence, findings, and the report in its two forms.
#include "cli/run_report_files.h"

#include <utility>

#include "cli/program_name.h"
#include "spanlab/base/file.h"
#include "spanlab/diagnose/diagnose.h"
#include "spanlab/report/run_report.h"

namespace spanlab::cli {

RunReport write_run_report(const std::filesystem::path& run, const std::filesystem::path& folder,
                           int threads) {
  RunEvidence evidence = gather_evidence(run, threads);
  std::vector<Finding> findings = diagnose(evidence);
  const Document report = run_report(evidence, findings, program_name());
  write_file_atomically(folder / "findings.json", findings_json(findings, evidence));
  write_file_atomically(folder / "report.md", markdown_of(report));
  write_file_atomically(folder / "report.html", html_of(report));
  return {std::move(findings), std::move(evidence.notes)};
}

}  // namespace spanlab::cli
