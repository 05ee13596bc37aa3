// An evaluation as blocks of a report: what was tested, the model's figures, trivial predictors.
#pragma once

#include <string>
#include <vector>

#include "spanlab/document/document.h"
#include "spanlab/metrics/evaluation.h"

namespace spanlab {

/// "110 windows (110 groups, 71 spans), 688 of 11550 bars inside spans (6.0 %)".
std::string tested_windows_text(const Evaluation& evaluation);

/// One sentence: whether the model finds spans, compared with the base rate and with the strongest
/// trivial predictor, by average precision.
std::string verdict_of(const Evaluation& evaluation);

/// Predictors x the metrics that matter most, with intervals, and what the model gains on each.
TextTable predictor_table(const Evaluation& evaluation);

/// Predictors x further metrics, and the chance level of a hit.
TextTable further_table(const Evaluation& evaluation);

/// Type, pointers and countdown compared with a constant prediction; no row for a task that is off.
TextTable task_table(const TaskMetrics& tasks);

/// Every metric of the model with its interval.
TextTable metric_table_of(const std::vector<Interval>& metrics);

/// Mean probability against the share of labelled bars, ten bins of equal mass.
LineChart reliability_chart(const Evaluation& evaluation);

/// What was tested, threshold, the model compared with trivial predictors, the other tasks.
void add_evaluation(const Evaluation& evaluation, Document& document);

/// For a terminal: the verdict, what was tested, the model next to trivial predictors, other tasks.
Document evaluation_summary(const Evaluation& evaluation, const std::vector<std::string>& notes);

/// The same as a page of its own, with every figure of the model. `notes`: of the run, said first.
Document evaluation_report(const Evaluation& evaluation, const std::vector<std::string>& notes);

}  // namespace spanlab
