// Pages of hand-made results against golden files: the right number in every place.
#include <gtest/gtest.h>

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
  const Remedy common{{"balancing.method=initial_loss"}, "Divide by L(0)", "equal parts."};
  return {{"M1",
           "one task dominates",
           Severity::high,
           "It makes most of the loss.",
           {{"share", 91.23, "%", 51.7, 19, "loss_components.csv"},
            {"total", 0.0317, "", {}, {}, "epoch_metrics.csv"}},
           "a hard task",
           {common, {{"train.epochs=37", "train.batch=8"}, "train on.", "lower losses"}},
           {"C1", "D9"}},
          {"C1",
           "probabilities collapse",
           Severity::medium,
           "They fall.",
           {{"separation", -0.0123, "", 0.02, 20, "probability_stats.csv"}},
           "",
           {{{}, "Look at the bars", "a reason"}, common},
           {"C3", "M1"}},
          {"C3", "F1 is low", Severity::note, "It is.", {}, "", {}, {}},
          {"P1", "epochs stall", Severity::note, "Some do.", {}, "other work", {}, {"C3"}}};
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

TEST(GoldenPage, OfFindingsInShort) {
  expect_golden(golden("findings"), page_text(findings_summary(made_findings(), {"no model"})));
  const Document none = findings_summary({}, {});
  ASSERT_EQ(none.blocks.size(), 1U);
}

}  // namespace
}  // namespace spanlab::test
