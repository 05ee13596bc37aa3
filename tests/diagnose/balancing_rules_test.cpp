// Family M: each rule finds its fault, and nothing in a healthy run or where tables are missing.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/diagnose/check_rule.h"
#include "tests/diagnose/make_evidence.h"
#include "tests/reported_tables.h"

namespace spanlab::test {
namespace {

constexpr const char* kFamily[] = {"M1", "M2", "M3", "M4", "M5", "M6", "M8"};

// Multiplies a task's losses, as other units of its target would.
void scale_loss(RunRecord& record, Task task, double factor) {
  for (LossComponentsRow& row : record.loss_components) {
    row.loss[at(task)] = *row.loss[at(task)] * factor;
  }
}

// Log-sigmas that stay where the reported run's start, as uncertainty weighting that is too slow.
RunEvidence lagging() {
  RunEvidence e = healthy_evidence();
  e.recipe->balancing.method = Balancing::uncertainty;
  scale_loss(e.record, Task::countdown, 1000);
  for (UncertaintyParamsRow& row : e.record.uncertainty_params) {
    row.sigma = {1.0, 0.74, 1.0, 1.1};
    double sum = 0;
    for (const Cell& sigma : row.sigma) sum += 1 / (*sigma * *sigma);
    for (size_t t = 0; t < kTaskCount; ++t) {
      row.weight[t] = 1 / (*row.sigma[t] * *row.sigma[t]) / sum;
    }
  }
  return e;
}

TEST(BalancingRules, AreSilentOnAHealthyRun) {
  const RunEvidence tables = healthy_evidence(), whole = healthy_evidence_with_model();
  for (const char* id : kFamily) {
    EXPECT_FALSE(check(id, tables)) << id << check(id, tables)->explanation;
    EXPECT_FALSE(check(id, whole)) << id << check(id, whole)->explanation;
  }
}

TEST(BalancingRules, AreSilentWithoutTables) {
  RunEvidence e;
  for (const char* id : kFamily) EXPECT_FALSE(check(id, e)) << id;
  e.recipe = Recipe();
  for (const char* id : kFamily) EXPECT_FALSE(check(id, e)) << id;
}

TEST(Dominance, ReportedRun) {
  RunEvidence e;
  e.record = reported_record();
  const auto found = check("M1", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->title, "Countdown dominates the loss");
  EXPECT_EQ(found->severity, Severity::high);
  EXPECT_NE(found->explanation.find("91.2 % of the validation loss at epoch 100"),
            std::string::npos)
      << found->explanation;
  EXPECT_NEAR(value_of(*found, "in the validation loss"), 91.2, 0.05);
  // 10.08 / (2 1.47^2) over the same of all tasks, by hand.
  EXPECT_NEAR(value_of(*found, "in the weighted loss"), 72.0, 0.3);
  EXPECT_NEAR(value_of(*found, "in the weights"), 4.3, 0.05);
  ASSERT_EQ(found->remedies.size(), 4u);
  EXPECT_EQ(found->remedies[0].patch.front(), "loss.countdown_target=unit");
  EXPECT_EQ(found->remedies[1].patch.front(), "loss.tasks=[\"type\", \"ptr\", \"span\"]");
  EXPECT_EQ(found->remedies[2].patch.front(), "loss.countdown_delta=10");
}

TEST(Dominance, PlainSumOfUnequalLosses) {
  RunEvidence e = healthy_evidence();
  e.recipe->balancing.method = Balancing::sum;
  scale_loss(e.record, Task::span, 100);
  const auto found = check("M1", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->title, "Span dominates the loss");
  EXPECT_EQ(found->remedies.front().patch.front(), "balancing.method=initial_loss");
}

TEST(Dominance, IsNotSeenWhereTheWeightsMakeUpForIt) {
  RunEvidence e = healthy_evidence();
  scale_loss(e.record, Task::span, 100);
  e.record.initial_losses[0].loss[at(Task::span)] = 26.2;
  EXPECT_FALSE(check("M1", e)) << "weights of 1 / L(0)";
  e.recipe->balancing.method = Balancing::uncertainty_optimal;
  EXPECT_FALSE(check("M1", e));
  e.recipe->balancing.method = Balancing::nash_mtl;
  e.record.task_gradients.clear();
  EXPECT_FALSE(check("M1", e)) << "unknown weights prove nothing";
  e.recipe->balancing.method = Balancing::fixed;
  e.recipe->balancing.weights[2] = 0.01;
  EXPECT_FALSE(check("M1", e));
  e.recipe->balancing.weights[2] = 1;
  EXPECT_TRUE(check("M1", e));
}

TEST(Dominance, OneTaskCannotDominate) {
  RunEvidence e = healthy_evidence();
  e.recipe->balancing.method = Balancing::sum;
  e.recipe->loss.tasks = {Task::span};
  for (LossComponentsRow& row : e.record.loss_components) {
    row.loss = {std::nullopt, std::nullopt, 0.3, std::nullopt};
  }
  for (const char* id : kFamily) EXPECT_FALSE(check(id, e)) << id;
}

TEST(Dominance, OneEpochIsEnoughAndBadCellsAreNot) {
  RunEvidence e;
  e.record = reported_record();
  e.record.loss_components.resize(2);
  EXPECT_TRUE(check("M1", e));
  for (LossComponentsRow& row : e.record.loss_components) row.loss[0] = std::nan("");
  EXPECT_FALSE(check("M1", e));
}

TEST(SigmaLag, ReportedRun) {
  RunEvidence e;
  e.record = reported_record();
  const auto found = check("M3", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
  // 1/2 ln 10.08 - ln 1.47 and ln 0.41 - 1/2 ln 0.009.
  EXPECT_NEAR(value_of(*found, "log-sigma of countdown"), 0.770, 0.001);
  EXPECT_NEAR(value_of(*found, "log-sigma of ptr"), 1.464, 0.001);
  EXPECT_NEAR(value_of(*found, "log-sigma of type"), 0.0065, 0.001);
  ASSERT_FALSE(found->remedies.empty());
  EXPECT_EQ(found->remedies.front().patch,
            (std::vector<std::string>{"balancing.sigma_start=warm", "balancing.sigma_rate=50",
                                      "balancing.sigma_decay=0"}));
}

TEST(SigmaLag, SaysWhatTheStepsAllow) {
  const auto found = check("M3", lagging());
  ASSERT_TRUE(found);
  // 168 windows in batches of 32: 6 steps an epoch, rows at epochs 5 to 40, 0.001 a step: like the
  // travel that is needed, from the first row on.
  EXPECT_NEAR(value_of(*found, "steps from epoch 5 on allow"), 0.21, 1e-9);
  EXPECT_NE(found->explanation.find("210 steps from epoch 5 on"), std::string::npos)
      << found->explanation;
}

TEST(SigmaLag, SilentAtTheOptimumAndForOtherMethods) {
  RunEvidence e = lagging();
  for (UncertaintyParamsRow& row : e.record.uncertainty_params) {
    for (size_t t = 0; t < kTaskCount; ++t) {
      row.sigma[t] =
          std::sqrt(*e.record.loss_components[static_cast<size_t>(2 * (row.epoch - 1))].loss[t]);
    }
  }
  EXPECT_FALSE(check("M3", e));
  RunEvidence other = lagging();
  other.recipe->balancing.method = Balancing::sum;
  EXPECT_FALSE(check("M3", other));
}

TEST(SigmaPathology, TotalBelowZeroWhileNothingImproves) {
  RunEvidence e = lagging();
  for (EpochMetricsRow& row : e.record.epoch_metrics) row.train_loss = -0.1 * row.epoch;
  EXPECT_FALSE(check("M4", e)) << "the losses fall";
  const TaskCells first = e.record.loss_components.front().loss;
  for (LossComponentsRow& row : e.record.loss_components) row.loss = first;
  const auto found = check("M4", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(value_of(*found, "training total"), -4.0);
}

TEST(SigmaPathology, TaskSwitchedOff) {
  RunEvidence e = lagging();
  for (UncertaintyParamsRow& row : e.record.uncertainty_params) row.weight[at(Task::span)] = 1e-6;
  const auto found = check("M4", e);
  ASSERT_TRUE(found);
  EXPECT_NE(found->explanation.find("The span task has"), std::string::npos) << found->explanation;
}

TEST(GradientDominance, OneTaskMakesTheStep) {
  RunEvidence e = healthy_evidence();
  for (TaskGradientsRow& row : e.record.task_gradients) row.norm[at(Task::countdown)] = 2;
  const auto found = check("M2", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->title, "Countdown dominates the encoder gradient");
  EXPECT_EQ(found->severity, Severity::high);
  // Of the last row: 2 / 0.031 beside 0.5 / 1.09, 0.02 / 0.032 and 0.2 / 0.262.
  EXPECT_NEAR(value_of(*found, "last recorded epoch"), 97.2, 0.1);
}

TEST(GradientDominance, IgnoresRowsThatAreNoNumbers) {
  RunEvidence e = healthy_evidence();
  for (TaskGradientsRow& row : e.record.task_gradients) row.norm[0] = std::nan("");
  EXPECT_FALSE(check("M2", e));
}

TEST(Conflict, OppositeGradients) {
  RunEvidence e = healthy_evidence();
  for (TaskGradientsRow& row : e.record.task_gradients) row.cosine[5] = -0.5;
  const auto found = check("M5", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->title, "Span and countdown have conflicting gradients");
  EXPECT_NEAR(value_of(*found, "mean cosine"), -0.5, 1e-9);
  EXPECT_EQ(found->remedies.front().patch.front(), "balancing.method=pcgrad");
  EXPECT_EQ(found->remedies.back().patch.front(), "loss.tasks=[\"type\", \"ptr\", \"span\"]");
  // With a gradient that dominates, projections change nothing.
  for (TaskGradientsRow& row : e.record.task_gradients) row.norm[at(Task::countdown)] = 2;
  EXPECT_NE(check("M5", e)->remedies.front().patch.front(), "balancing.method=pcgrad");
}

TEST(Conflict, NoiseAroundZeroIsNone) {
  RunEvidence e = healthy_evidence();
  for (size_t i = 0; i < e.record.task_gradients.size(); ++i) {
    e.record.task_gradients[i].cosine[3] = i % 2 == 0 ? 0.15 : -0.15;
  }
  EXPECT_FALSE(check("M5", e));
  e.record.task_gradients.resize(2);
  for (TaskGradientsRow& row : e.record.task_gradients) row.cosine[3] = -0.9;
  EXPECT_FALSE(check("M5", e)) << "two rows are too few";
}

TEST(Starvation, TaskAtAConstantAnswer) {
  RunEvidence e = healthy_evidence_with_model();
  for (LossComponentsRow& row : e.record.loss_components) row.loss[at(Task::type)] = 0.70;
  const auto found = check("M6", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->title.find("Type learns nothing while "), 0u) << found->title;
  // About as many windows of each type: a constant answer costs ln 2.
  EXPECT_NEAR(value_of(*found, "training loss of type"), 100 * 0.70 / std::log(2.0), 2);
  EXPECT_EQ(found->remedies.back().patch.front(), "loss.tasks=[\"ptr\", \"span\", \"countdown\"]");
}

TEST(Starvation, SeveralTasksAreListed) {
  RunEvidence e = healthy_evidence_with_model();
  for (LossComponentsRow& row : e.record.loss_components) {
    for (const Task task : {Task::type, Task::ptr, Task::span}) row.loss[at(task)] = 10;
  }
  const auto found = check("M6", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->title, "Type, ptr and span learn nothing while countdown learns");
}

TEST(Method, DependsOnTheScale) {
  RunEvidence e = healthy_evidence();
  scale_loss(e.record, Task::countdown, 1000);
  for (const Balancing method :
       {Balancing::dwa, Balancing::rlw, Balancing::pcgrad, Balancing::cagrad, Balancing::mgda}) {
    e.recipe->balancing.method = method;
    EXPECT_TRUE(check("M8", e));
  }
  for (const Balancing method : {Balancing::uncertainty, Balancing::nash_mtl, Balancing::famo}) {
    e.recipe->balancing.method = method;
    EXPECT_FALSE(check("M8", e));
  }
}

}  // namespace
}  // namespace spanlab::test
