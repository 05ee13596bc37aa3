// The report of a run: sections from its own evidence, right verdicts, no word on what is not
// there.
#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/report/reports.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>

#include "spanlab/diagnose/diagnose.h"
#include "spanlab/evaluate/evaluation_sets.h"
#include "spanlab/report/report_sections.h"
#include "tests/diagnose/make_evidence.h"
#include "tests/reported_tables.h"

namespace spanlab {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

RunEvidence reported_evidence() {
  RunEvidence evidence;
  evidence.folder = "baseline_100ep";
  evidence.record = test::reported_record();
  return evidence;
}

RunEvidence evaluated_evidence() {
  RunEvidence evidence = test::healthy_evidence_with_model();
  evidence.evaluation = evaluate(validation_sets(*evidence.recipe, *evidence.data,
                                                 evidence.model->train, evidence.model->validation),
                                 50);
  return evidence;
}

std::string text_of(const RunEvidence& evidence, const std::vector<Finding>& findings = {}) {
  return markdown_of(run_report(evidence, findings));
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool has_nan(const std::string& text) {
  return std::regex_search(text, std::regex(R"(\b(nan|inf)\b|NaN(?! or infinite))"));
}

template <typename Kind>
std::vector<Kind> blocks_of(const Document& document) {
  std::vector<Kind> found;
  for (const Block& block : document.blocks) {
    if (const auto* kind = std::get_if<Kind>(&block)) found.push_back(*kind);
  }
  return found;
}

const LineChart* chart_of(const std::vector<LineChart>& charts, const std::string& title) {
  const auto at = std::find_if(charts.begin(), charts.end(),
                               [&](const auto& chart) { return chart.title == title; });
  return at == charts.end() ? nullptr : &*at;
}

/// The recipe, tables and metadata without the countdown.
RunEvidence without_countdown(RunEvidence evidence) {
  std::erase(evidence.recipe->loss.tasks, Task::countdown);
  const size_t c = test::at(Task::countdown);
  for (auto& row : evidence.record.loss_components) {
    *row.total_loss -= *row.loss[c];
    row.loss[c].reset();
  }
  for (auto& row : evidence.record.uncertainty_params) row.sigma[c].reset(), row.weight[c].reset();
  for (auto& row : evidence.record.initial_losses) row.loss[c].reset();
  for (auto& row : evidence.record.task_gradients) row.norm[c].reset(), row.weight[c].reset();
  return evidence;
}

// The figures below stand in the page that the reported run's authors wrote.
TEST(RunReport, ReportedRunHasTheFiguresOfItsPage) {
  const std::string text = text_of(reported_evidence());
  EXPECT_TRUE(has(text, "10.08 (91.2 %)")) << text;
  EXPECT_TRUE(has(text, "down 37.9 %"));
  EXPECT_TRUE(has(text, "| epoch 1 ") || has(text, "first (epoch 1)"));
  for (const char* figure : {"0.423", "0.0650", "0.00360", "-0.000800", "15.28", "5.990", "56.1 %",
                             "4.3 %", "1.47", "0.6339", "16.12", "12.88"}) {
    EXPECT_TRUE(has(text, figure)) << figure << "\n" << text;
  }
}

TEST(RunReport, CriteriaOfTheReportedRun) {
  const std::vector<Criterion> criteria = criteria_of(reported_evidence());
  ASSERT_EQ(criteria.size(), 5U);
  EXPECT_EQ(criteria[0].passed, std::nullopt);  // tables alone do not tell
  EXPECT_EQ(criteria[1].passed, true);
  EXPECT_EQ(criteria[2].passed, true);
  EXPECT_EQ(criteria[2].actual, "down 37.9 %");
  EXPECT_EQ(criteria[3].passed, false);
  EXPECT_EQ(criteria[4].passed, false);
  EXPECT_TRUE(has(text_of(reported_evidence()), "Overall: **FAIL**, 2 of 5 criteria are met"));
}

TEST(RunReport, HealthyRunPassesAndTargetsAreTheRecipes) {
  RunEvidence evidence = test::healthy_evidence();
  for (const Criterion& c : criteria_of(evidence)) EXPECT_EQ(c.passed, true) << c.name;
  EXPECT_TRUE(has(text_of(evidence), "Overall: **PASS**, 5 of 5"));
  evidence.recipe->criteria.span_f1 = 0.9;
  EXPECT_EQ(criteria_of(evidence)[3].passed, false);
  EXPECT_TRUE(has(text_of(evidence), "Overall: **FAIL**, 4 of 5"));
  evidence.metadata->status = RunStatus::stopped;
  EXPECT_EQ(criteria_of(evidence)[0].passed, false);
}

TEST(RunReport, NanFailsItsCriterionAndIsNotPrinted) {
  RunEvidence evidence = reported_evidence();
  for (size_t i = 40; i < evidence.record.loss_components.size(); ++i) {
    evidence.record.loss_components[i].loss.fill(kNan);
    evidence.record.loss_components[i].total_loss = kNan;
  }
  for (auto& row : evidence.record.probability_stats) row.separation = kNan;
  for (auto& row : evidence.record.gradient_stats) row.total_grad_norm = kNan;
  for (auto& row : evidence.record.feature_stats) row.values.mean = kNan;
  EXPECT_EQ(criteria_of(evidence)[1].passed, false);
  EXPECT_FALSE(has_nan(text_of(evidence)));
}

TEST(RunReport, CriteriaGoByTheLastEpochThatWasRecorded) {
  RunEvidence evidence = reported_evidence();
  evidence.record.epoch_metrics.back().val_loss = kNan;
  evidence.record.probability_stats.back().separation = kNan;
  const auto criteria = criteria_of(evidence);
  for (const Criterion& c : criteria) {
    if (c.name != "validation loss falls" && c.name != "separation") continue;
    EXPECT_EQ(c.passed, false) << c.name;
    EXPECT_EQ(c.actual, "NaN or infinite at epoch 100") << c.name;
  }
}

TEST(RunReport, WithoutACellNothingIsKnown) {
  for (const Criterion& c : criteria_of(RunEvidence())) EXPECT_FALSE(c.passed) << c.name;
}

TEST(RunReport, WithoutInputsThereIsNoCommand) {
  EXPECT_FALSE(has(text_of(reported_evidence()), "spanlab train"));
}

TEST(RunReport, NothingOfAnyRunReadsNan) {
  EXPECT_FALSE(has_nan(text_of(reported_evidence())));
  EXPECT_FALSE(has_nan(text_of(test::healthy_evidence())));
  EXPECT_FALSE(has_nan(text_of(evaluated_evidence())));
}

TEST(RunReport, ShowsFindingsInFull) {
  Finding f{"M1",
            "One task dominates",
            Severity::high,
            "It makes most of the loss.",
            {{"share", 91.2, "%", 50.0, 100, "loss_components.csv"}},
            "a hard task",
            {{{"balancing.method=initial_loss"}, "Divide.", "Equal parts."}},
            {"C1", "D9"}};
  Finding next{"C1", "Probabilities collapse", Severity::medium, "They fall.", {}, "", {}, {}};
  const std::string text = text_of(reported_evidence(), {f, next});
  for (const char* part : {"1. One task dominates", "2. Probabilities collapse", "a hard task",
                           "91.2 %", "50.0 %", "--set 'balancing.method=initial_loss'",
                           "Probabilities collapse (C1)", "Expected: Equal parts."}) {
    EXPECT_TRUE(has(text, part)) << part;
  }
  EXPECT_FALSE(has(text, "parts.."));
  EXPECT_FALSE(has(text, "D9"));  // did not fire, so nothing follows
}

TEST(RunReport, APatchOfSeveralFindingsHasOneRow) {
  const Remedy remedy{{"balancing.method=initial_loss"}, "Divide.", "Equal parts."};
  const Finding a{"M1", "a", Severity::high, "", {}, "", {remedy}, {}};
  const Finding b{"M2", "b", Severity::high, "", {}, "", {remedy}, {}};
  const auto tables = blocks_of<TextTable>(run_report(reported_evidence(), {a, b}));
  const auto at = std::find_if(tables.begin(), tables.end(),
                               [](const TextTable& t) { return t.header[0] == "remedy"; });
  ASSERT_NE(at, tables.end());
  ASSERT_EQ(at->rows.size(), 1U);
  EXPECT_EQ(at->rows[0].back(), "M1, M2");
}

// 168 windows in batches of 32: 6 steps an epoch; rows at epochs 5 to 40: 35 x 6 x 0.001 nats.
TEST(RunReport, StepBudgetOfTheLogSigmas) {
  RunEvidence evidence = test::healthy_evidence();
  EXPECT_FALSE(has(text_of(evidence), "Uncertainty weighting"));  // weights of 1 / L(0)
  evidence.recipe->balancing.method = Balancing::uncertainty;
  const std::string text = text_of(evidence);
  EXPECT_TRUE(has(text, "210 steps")) << text;
  EXPECT_TRUE(has(text, "allow 0.210 nats"));
  // Sigmas of 1 all along, while 1/2 ln 0.01 = -2.3 is needed for the pointers.
  EXPECT_TRUE(has(text, "did not compensate for: type, pointers, span and countdown."));
  EXPECT_TRUE(has(text, "steps are too few for: type, pointers, span and countdown."));
  // 0.79 to go, of which the steps give 0.21, and 0.25 left: near enough, but out of reach.
  for (auto& row : evidence.record.uncertainty_params) {
    const double loss = *evidence.record.loss_components.back().loss[test::at(Task::type)];
    const bool last = row.epoch == evidence.record.uncertainty_params.back().epoch;
    row.sigma[test::at(Task::type)] = std::exp(std::log(loss) / 2 + (last ? 0.25 : 0.79));
  }
  const std::string near = text_of(evidence);
  EXPECT_TRUE(has(near, "did not compensate for: pointers, span and countdown."));
  EXPECT_TRUE(has(near, "too few for: type (near enough), pointers, span and countdown."));
  for (auto& row : evidence.record.uncertainty_params) {
    for (size_t t = 0; t < kTaskCount; ++t) {
      row.sigma[t] = std::sqrt(*evidence.record.loss_components.back().loss[t]);
    }
  }
  EXPECT_TRUE(has(text_of(evidence), "The weighting compensated"));
}

TEST(RunReport, DiagnosisOfTheReportedRunFits) {
  const RunEvidence evidence = reported_evidence();
  const std::string text = text_of(evidence, diagnose(evidence));
  EXPECT_TRUE(has(text, "## Remedies"));
  EXPECT_FALSE(has_nan(text));
}

TEST(RunReport, NoWordOnATaskThatIsOff) {
  const std::string with = text_of(test::healthy_evidence());
  EXPECT_TRUE(has(with, "no-countdown"));
  const std::string without = text_of(without_countdown(test::healthy_evidence()));
  EXPECT_FALSE(has(without, "ountdown")) << without;
  EXPECT_TRUE(has(without, "Keep the recipe as the baseline"));
}

TEST(RunReport, DecisionRuleIsolatesTheSpanTask) {
  RunEvidence evidence = without_countdown(test::healthy_evidence());
  for (auto& row : evidence.record.epoch_metrics) row.span_f1 = 0.05;
  evidence.metadata->inputs = {{"bars", "my bars.csv"}, {"windows", "w.csv"}};
  EXPECT_TRUE(has(text_of(evidence),
                  "--bars 'my bars.csv' --windows w.csv --set "
                  "'loss.tasks=[\"span\"]' --out healthy-span-only"));
  evidence.recipe->loss.tasks = {Task::span};
  EXPECT_TRUE(has(text_of(evidence), "already trained alone"));
}

TEST(RunReport, TheF1ThatLeadsOnIsAboveTheLimit) {
  RunEvidence evidence = without_countdown(test::healthy_evidence());
  evidence.record.epoch_metrics.back().span_f1 = 0.1;  // the limit itself
  EXPECT_FALSE(has(text_of(evidence), "Keep the recipe as the baseline"));
  evidence.record.epoch_metrics.back().span_f1 = 0.101;
  EXPECT_TRUE(has(text_of(evidence), "Keep the recipe as the baseline"));
}

TEST(RunReport, ProbabilitiesAreOfValidationEvenIfOneSideHasNone) {
  RunEvidence evidence = test::healthy_evidence();
  for (ProbabilityStatsRow& row : evidence.record.probability_stats) {
    row.in_span.mean = row.phase == Phase::val ? 0.4321 : 0.1234;
    if (row.phase == Phase::val) row.out_span.mean = kNan;  // every bar is inside a span
  }
  const std::string text = text_of(evidence);
  EXPECT_TRUE(has(text, "mean inside spans | 0.432"));
  EXPECT_FALSE(has(text, "mean outside spans"));
}

TEST(RunReport, MissingPiecesAreLeftOut) {
  RunEvidence empty;
  empty.folder = "nothing";
  EXPECT_FALSE(has_nan(text_of(empty)));
  const auto drop = [](auto RunRecord::*table) {
    RunEvidence evidence = test::healthy_evidence();
    (evidence.record.*table).clear();
    EXPECT_FALSE(has_nan(text_of(evidence)));
  };
  drop(&RunRecord::epoch_metrics);
  drop(&RunRecord::loss_components);
  drop(&RunRecord::uncertainty_params);
  drop(&RunRecord::probability_stats);
  drop(&RunRecord::feature_stats);
  drop(&RunRecord::gradient_stats);
  drop(&RunRecord::ranking_stats);
  RunEvidence few = test::healthy_evidence();
  few.record = test::healthy_record(2);
  EXPECT_FALSE(has_nan(text_of(few)));
}

TEST(RunReport, ChartsOfEveryKind) {
  const Document document = run_report(evaluated_evidence(), {});
  const auto charts = blocks_of<LineChart>(document);
  for (const char* title :
       {"Loss: span", "Loss: unweighted sum", "Separation", "Weights of the tasks", "Reliability",
        "Gradient norm", "Drift of the features' means"}) {
    EXPECT_NE(chart_of(charts, title), nullptr) << title;
  }
  const LineChart* shares = chart_of(charts, "Shares of the unweighted sum of the losses");
  ASSERT_NE(shares, nullptr);
  EXPECT_TRUE(shares->stacked);
  double sum = 0;
  for (const auto& line : shares->lines) sum += line.points.back()[1];
  EXPECT_NEAR(sum, 1, 1e-12);
  const auto windows = blocks_of<CandleChart>(document);
  ASSERT_EQ(windows.size(), 6U);
  for (const CandleChart& chart : windows) {
    EXPECT_EQ(chart.bars.size(), 105U);
    EXPECT_EQ(chart.probability.size(), 105U);
    EXPECT_FALSE(chart.labelled.empty());
    for (const auto& [first, last] : chart.predicted) {
      EXPECT_LE(first, last);
      for (int t = first; t <= last; ++t) {
        EXPECT_GE(chart.probability[static_cast<size_t>(t)], chart.threshold);
      }
    }
  }
  EXPECT_TRUE(windows.front().title.starts_with("Best"));
  EXPECT_TRUE(windows.back().title.starts_with("Worst"));
}

TEST(RunReport, BareFolderListsItsFiles) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / "spanlab_run_report_bare";
  std::filesystem::remove_all(folder);
  test::write_tables(test::reported_record(), folder);
  const std::string text = text_of(gather_evidence(folder, 1));
  EXPECT_TRUE(has(text, "`loss_components.csv`"));
  EXPECT_TRUE(has(text, "91.2 %"));
  EXPECT_FALSE(has_nan(text));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace spanlab
