// Pages of hand-made results against golden files: the right number in every place.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/report/evaluation_report.h"
#include "spanlab/report/reports.h"
#include "tests/golden_file.h"
#include "tests/report/made_run.h"
#include "tests/report/made_up_results.h"
#include "tests/report/page_text.h"

namespace spanlab::test {
namespace {

std::string golden(const std::string& name) {
  return "tests/report/golden/" + name + ".md";
}

/// Four findings: a chain of three and one of its own.
std::vector<Finding> made_findings() {
  const Remedy common{{"balancing.method=initial_loss"}, "Divide by L(0).", "Equal parts."};
  return {{"M1",
           "One task dominates",
           Severity::high,
           "It makes most of the loss.",
           {{"share", 91.23, "%", 51.7, 19, "loss_components.csv"},
            {"total", 0.0317, "", {}, {}, "epoch_metrics.csv"}},
           "a hard task",
           {common, {{"train.epochs=37", "train.batch=8"}, "Train on.", "Lower losses."}},
           {"C1", "D9"}},
          {"C1",
           "Probabilities collapse",
           Severity::medium,
           "They fall.",
           {{"separation", -0.0123, "", 0.02, 20, "probability_stats.csv"}},
           "",
           {{{}, "Look at the bars.", "A reason."}, common},
           {"C3", "M1"}},
          {"C3", "F1 is low", Severity::note, "It is.", {}, "", {}, {}},
          {"P1", "Epochs stall", Severity::note, "Some do.", {}, "other work", {}, {"C3"}}};
}

TEST(GoldenPage, OfARun) {
  expect_golden(golden("run"), page_text(run_report(made_run(), made_findings(), "./spanlab")));
}

TEST(GoldenPage, OfTablesAlone) {
  expect_golden(golden("run_of_tables"), page_text(run_report(made_tables(), {})));
}

TEST(GoldenPage, OfARunWithFixedWeightsWithoutCountdown) {
  RunEvidence evidence = made_run();
  evidence.recipe->balancing.method = Balancing::fixed;
  evidence.recipe->balancing.weights[0] = 1.3;
  evidence.recipe->balancing.weights[1] = 17;
  evidence.recipe->balancing.weights[2] = 2.9;
  evidence.recipe->loss.tasks = {Task::type, Task::ptr, Task::span};
  for (auto& row : evidence.record.loss_components) row.loss[3].reset();
  for (auto& row : evidence.record.epoch_metrics) row.span_f1 = 0.4 * *row.span_f1;
  evidence.metadata->status = RunStatus::completed;
  evidence.evaluation.reset();
  evidence.notes.clear();
  expect_golden(golden("run_without_countdown"), page_text(run_report(evidence, {})));
}

TEST(GoldenPage, OfAnEvaluation) {
  expect_golden(golden("evaluation"),
                page_text(evaluation_report(made_up_evaluation(), {"a note", "another."})));
}

TEST(GoldenPage, OfAnEvaluationOfTheSpanTaskAlone) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  Evaluation evaluation = made_up_evaluation();
  evaluation.tasks = {6, kNan, kNan, kNan, kNan, kNan, kNan, kNan, 5.9, 8.3};
  evaluation.trivial.resize(1);
  evaluation.model.metrics[0] = {0.4, kNan, kNan};
  expect_golden(golden("evaluation_of_spans"), page_text(evaluation_report(evaluation, {})));
}

Document joined(Document first, const Document& second) {
  first.blocks.insert(first.blocks.end(), second.blocks.begin(), second.blocks.end());
  return first;
}

TEST(GoldenPage, OfADiagnosisInShort) {
  const RunEvidence run = made_run();
  expect_golden(golden("diagnosis"),
                page_text(joined(diagnosis_summary(made_findings(), run),
                                 diagnosis_next(made_findings(), run, "./spanlab"))));
}

TEST(GoldenPage, OfADiagnosisOfTables) {
  const RunEvidence tables = made_tables();
  expect_golden(golden("diagnosis_of_tables"),
                page_text(joined(diagnosis_summary(made_findings(), tables),
                                 diagnosis_next(made_findings(), tables, "./spanlab"))));
  EXPECT_TRUE(diagnosis_next({}, tables, "./spanlab").blocks.empty());
}

TEST(MainCauses, AreHighBeforeMediumInTheirOrder) {
  std::vector<Finding> findings(5);
  const Severity severities[] = {Severity::medium, Severity::note, Severity::high, Severity::medium,
                                 Severity::high};
  for (size_t i = 0; i < 5; ++i) findings[i].severity = severities[i];
  const std::vector<const Finding*> causes = main_causes(findings);
  EXPECT_EQ(causes, (std::vector<const Finding*>{&findings[0], &findings[2], &findings[4]}));
  findings[0].severity = Severity::note;
  EXPECT_EQ(main_causes(findings),
            (std::vector<const Finding*>{&findings[2], &findings[3], &findings[4]}));
  EXPECT_TRUE(main_causes({}).empty());
}

Evaluation judged(Interval model, Interval gain) {
  Evaluation evaluation = made_up_evaluation();
  const auto ap = static_cast<size_t>(Metric::average_precision);
  evaluation.model.metrics[ap] = model;
  evaluation.trivial.resize(1);
  evaluation.trivial[0].name = "momentum";
  evaluation.trivial[0].metrics[ap] = {0.4, 0.3, 0.5};
  evaluation.trivial[0].gain[ap] = gain;
  return evaluation;
}

TEST(Verdict, GoesByTheIntervals) {
  const double base = made_up_evaluation().base_rate();
  const auto starts = [](const Evaluation& evaluation, const std::string& text) {
    EXPECT_TRUE(verdict_of(evaluation).starts_with(text)) << verdict_of(evaluation);
  };
  starts(judged({0.6, 0.5, 0.7}, {0.2, 0.1, 0.3}),
         "The model is better than every trivial predictor: average precision 0.600 [0.500, 0.700],"
         " momentum 0.400 [0.300, 0.500], base rate ");
  starts(judged({0.6, 0.5, 0.7}, {0.2, 0.0, 0.3}),
         "The model is not shown to be better than a trivial predictor, momentum: ");
  starts(judged({0.6, 0.5, 0.7}, {-0.2, -0.3, -0.1}),
         "The model is worse than a trivial predictor, momentum: ");
  starts(judged({0.6, base, 0.7}, {0.2, 0.1, 0.3}),
         "The model does not find spans better than chance: ");
  starts(judged({std::nan(""), 0, 0}, {0.2, 0.1, 0.3}), "The model cannot be judged");
  Evaluation alone = judged({0.6, 0.5, 0.7}, {});
  alone.trivial.clear();
  starts(alone,
         "The model finds spans better than chance: average precision 0.600 [0.500, 0.700], "
         "base rate ");
}

}  // namespace
}  // namespace spanlab::test
