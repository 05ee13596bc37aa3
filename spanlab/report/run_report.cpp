// The sections of the report, in their order.
#include "spanlab/report/run_report.h"

#include "spanlab/report/evaluation_report.h"
#include "spanlab/report/findings_summary.h"

namespace spanlab {

Document run_report(const RunEvidence& evidence, const std::vector<Finding>& findings) {
  Document document = findings_summary(findings);
  document.title = "Run " + evidence.folder.filename().string();
  if (!evidence.evaluation) return document;
  for (Block& block : evaluation_report(*evidence.evaluation).blocks) {
    document.blocks.push_back(std::move(block));
  }
  return document;
}

}  // namespace spanlab
