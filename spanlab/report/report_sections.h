// The sections of a run's report; each adds its blocks, or nothing where there is no evidence.
#pragma once

#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/diagnose/run_evidence.h"
#include "spanlab/report/document.h"

namespace spanlab {

using Findings = std::vector<Finding>;

// report_summary.cpp
void add_summary(const RunEvidence& run, const Findings& findings, Document& document);
void add_criteria(const RunEvidence& run, Document& document);
// report_findings.cpp
void add_findings(const Findings& findings, Document& document);
void add_remedies(const Findings& findings, Document& document);
// report_losses.cpp: shares of the tasks, why the weighting did or did not compensate, evolution
void add_loss_breakdown(const RunEvidence& run, Document& document);
void add_loss_evolution(const RunEvidence& run, Document& document);
// report_health.cpp: what went well: gradients, gates, updates, features, weights
void add_health(const RunEvidence& run, Document& document);
// report_detection.cpp: span probabilities and their ranking; the model beside trivial predictors
void add_probabilities(const RunEvidence& run, Document& document);
void add_comparison(const RunEvidence& run, Document& document);
// report_windows.cpp: candlestick charts of the best and worst windows
void add_windows(const RunEvidence& run, Document& document);
// report_next.cpp: the next experiments with their commands; the files of the run folder
void add_next_experiments(const RunEvidence& run, const Findings& findings, Document& document);
void add_artifacts(const RunEvidence& run, Document& document);

}  // namespace spanlab
