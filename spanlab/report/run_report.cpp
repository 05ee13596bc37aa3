// The sections of the report, in their order.
#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/report/reports.h"

#include "spanlab/report/report_sections.h"

namespace spanlab {

Document run_report(const RunEvidence& evidence, const std::vector<Finding>& findings,
                    const std::string& program) {
  Document document;
  add_overview(evidence, document);
  add_summary(evidence, findings, document);
  add_findings(findings, document);
  add_loss_breakdown(evidence, document);
  add_sigma_budget(evidence, document);
  add_probabilities(evidence, document);
  add_health(evidence, document);
  add_features(evidence, document);
  add_weights(evidence, document);
  add_loss_evolution(evidence, document);
  add_comparison(evidence, document);
  add_windows(evidence, document);
  add_remedies(findings, document);
  add_next_experiments(evidence, program, document);
  add_criteria(evidence, document);
  add_artifacts(evidence, document);
  return document;
}

}  // namespace spanlab
