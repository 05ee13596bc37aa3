// The sections of a run's report, one function each, and what they share.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"
#include "spanlab/document/document.h"
#include "spanlab/evaluate/run_evidence.h"

namespace spanlab {

/// Each appends its section; where the evidence is missing, nothing or one sentence that says why.
void add_overview(const RunEvidence& evidence, Document& document);
void add_summary(const RunEvidence& evidence, const std::vector<Finding>& findings,
                 Document& document);
void add_findings(const std::vector<Finding>& findings, Document& document);
void add_loss_breakdown(const RunEvidence& evidence, Document& document);
void add_sigma_budget(const RunEvidence& evidence, Document& document);
void add_loss_evolution(const RunEvidence& evidence, Document& document);
void add_probabilities(const RunEvidence& evidence, Document& document);
void add_health(const RunEvidence& evidence, Document& document);
void add_features(const RunEvidence& evidence, Document& document);
void add_weights(const RunEvidence& evidence, Document& document);
void add_comparison(const RunEvidence& evidence, Document& document);
void add_windows(const RunEvidence& evidence, Document& document);
void add_remedies(const std::vector<Finding>& findings, Document& document);
void add_next_experiments(const RunEvidence& evidence, const std::string& program,
                          Document& document);
void add_criteria(const RunEvidence& evidence, Document& document);
void add_artifacts(const RunEvidence& evidence, Document& document);

/// A criterion of the recipe and whether the run reached it.
struct Criterion {
  std::string name, target, actual;
  std::optional<bool> passed;  ///< none where the tables do not tell
};

/// Completes, no NaN, validation loss, span F1, separation.
std::vector<Criterion> criteria_of(const RunEvidence& evidence);

/// A column of epoch_metrics.csv.
Trace metric_trace(const RunRecord& record, Cell EpochMetricsRow::*column);

/// Separation of the phase to judge by: validation where there is one.
Trace separation_trace(const RunRecord& record);

/// "classification" and the like.
std::string words_of(Task task);

/// A curve named `name`.
LineChart::Line line_of(std::string name, const Trace& trace, bool dashed = false);

/// Adds the chart if any of its lines has a point.
void add_chart(LineChart chart, Document& document);

/// Adds the paragraph.
void add_text(std::string text, Document& document);

/// A paragraph each: "**Note:** there is no checkpoint."
void add_notes(const std::vector<std::string>& notes, Document& document);

/// "87.9", "91.5 %", "20.0 bars".
std::string value_text(double value, const std::string& unit);

/// A run by its folder's last name; with the name above it where that is nothing but "run".
std::string run_name(const std::filesystem::path& folder);

/// Cells of epoch_metrics, loss_components, uncertainty_params and gradient_stats: how many hold a
/// number, and how many NaN or infinity. In the other tables NaN can stand for an empty set.
struct CellCount {
  int64_t read = 0, not_finite = 0;
};
CellCount count_cells(const RunRecord& record);

}  // namespace spanlab
