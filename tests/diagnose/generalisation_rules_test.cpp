// Rules of generalisation: each fires on its fault, with the right numbers, and on nothing else.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "tests/diagnose/fired.h"
#include "tests/reported_tables.h"

namespace spanlab::test {
namespace {

void set_losses(RunRecord& record, Phase phase, Task task, auto&& loss_at) {
  for (LossComponentsRow& row : record.loss_components) {
    if (row.phase == phase) row.loss[at(task)] = loss_at(row.epoch);
  }
}

TEST(OverFitting, IsFoundByTaskFromTheLowestLossOn) {
  RunEvidence evidence = healthy_evidence();
  EXPECT_FALSE(fired("G1", evidence));
  set_losses(evidence.record, Phase::val, Task::type,
             [](int epoch) { return 0.5 + 0.01 * std::abs(epoch - 15); });
  const auto found = fired("G1", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "type loss above its lowest"), 100.0 * 0.25 / 0.5, 1e-9);
  EXPECT_TRUE(proposes(found, "train.epochs=15"));
}

TEST(OverFitting, IsNotSeenInAGapThatWasThereFromTheStart) {
  RunEvidence evidence = healthy_evidence();
  set_losses(evidence.record, Phase::val, Task::type, [](int epoch) { return 2.0 - 0.01 * epoch; });
  EXPECT_FALSE(fired("G1", evidence));
}

TEST(BetterInValidation, IsANoteUnlessF1IsTooGood) {
  RunEvidence evidence = whole_evidence();
  EXPECT_FALSE(fired("G2", evidence));
  set_losses(evidence.record, Phase::train, Task::span, [](int) { return 0.2; });
  set_losses(evidence.record, Phase::val, Task::span, [](int) { return 0.15; });
  auto found = fired("G2", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::note);
  EXPECT_NEAR(value_of(found, "span validation below training loss"), 25.0, 1e-9);
  evidence.evaluation->model.metrics[static_cast<size_t>(Metric::f1)].value = 0.97;
  found = fired("G2", evidence);
  EXPECT_EQ(found->severity, Severity::medium);
}

TEST(LossApartFromScore, StillOrOpposed) {
  RunEvidence evidence = healthy_evidence();
  EXPECT_FALSE(fired("G6", evidence));
  RunEvidence reported;
  reported.record = reported_record();
  const auto still = fired("G6", reported);
  ASSERT_TRUE(still);  // the loss falls, F1 is 0 throughout
  EXPECT_GT(value_of(still, "fall of the validation loss to its lowest"), 37.0);
  for (EpochMetricsRow& row : evidence.record.epoch_metrics) row.span_f1 = *row.val_loss;
  const auto found = fired("G6", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "correlation of loss and score"), 1.0, 1e-9);
}

TEST(LossApartFromScore, NamesTheEpochOfTheFall) {
  RunEvidence evidence = healthy_evidence();
  for (EpochMetricsRow& row : evidence.record.epoch_metrics) {
    row.val_loss = 2.0 - 0.02 * std::min(row.epoch, 60 - row.epoch);  // lowest, 1.4, at epoch 30
    row.span_f1 = 0.0;
  }
  const auto found = fired("G6", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->evidence.front().epoch, 30);
  EXPECT_NEAR(found->evidence.front().value, 100.0 * 0.58 / 1.98, 1e-9);
  EXPECT_NE(found->explanation.find("29.3 % to its lowest at epoch 30 "), std::string::npos)
      << found->explanation;
}

TEST(Dropout, CountsWhereItIsInEffect) {
  RunEvidence evidence = healthy_evidence();
  evidence.recipe->model.head_dropout = 0.5;
  EXPECT_FALSE(fired("G7", evidence));  // 0.7 between layers of which there is one
  evidence.recipe->model.layers = 2;
  EXPECT_EQ(fired("G7", evidence)->severity, Severity::note);
  evidence.recipe->model.head_dropout = 0.95;
  const auto found = fired("G7", evidence);
  EXPECT_EQ(found->severity, Severity::medium);
  EXPECT_TRUE(proposes(found, "model.head_dropout=0.3"));
}

TEST(Progress, IsTheFallOfTheValidationLoss) {
  RunEvidence evidence = healthy_evidence();
  EXPECT_FALSE(fired("R1", evidence));
  for (EpochMetricsRow& row : evidence.record.epoch_metrics) row.val_loss = 2.0 - 0.005 * row.epoch;
  const auto found = fired("R1", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "fall of the validation loss"), 100.0 * 0.195 / 1.995, 1e-9);
}

TEST(PickedEpoch, IsFoundWhereOneEpochStandsOut) {
  RunEvidence evidence = whole_evidence();
  EXPECT_FALSE(fired("R2", evidence));
  const double pi = evidence.evaluation->base_rate();
  const double trivial = 2 * pi / (1 + pi);
  for (EpochMetricsRow& row : evidence.record.epoch_metrics) {
    row.span_f1 = trivial + 0.01 * std::sin(row.epoch);
  }
  evidence.record.epoch_metrics[5].span_f1 = trivial + 0.1;
  const auto found = fired("R2", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "best epoch's F1 above the mean of the second half"), 0.1, 0.01);

  for (EpochMetricsRow& row : evidence.record.epoch_metrics) *row.span_f1 -= 0.05;
  const auto below = fired("R2", evidence);
  ASSERT_TRUE(below);
  EXPECT_NE(below->explanation.find("gains nothing over predicting every bar"), std::string::npos);
  EXPECT_EQ(below->explanation.find("-0."), std::string::npos) << below->explanation;
}

TEST(Inputs, AreFoundUselessWhereAnotherWindowDoesAsWell) {
  RunEvidence evidence = whole_evidence();
  EXPECT_FALSE(fired("G4", evidence));
  answer(evidence, [](int, int t) { return 0.1 + 0.001 * (t % 7); });
  const auto found = fired("G4", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "average precision with its own bars"),
              value_of(found, "average precision with another window's bars"), 1e-9);
}

TEST(Labels, AreFoundForeignWhereNothingReadsThem) {
  RunEvidence evidence = whole_evidence();
  EXPECT_FALSE(fired("R3", evidence));
  const double pi = evidence.evaluation->base_rate();
  constexpr auto kPrecision = static_cast<size_t>(Metric::average_precision);
  evidence.evaluation->model.metrics[kPrecision].value = pi;
  for (Judged& trivial : evidence.evaluation->trivial) trivial.metrics[kPrecision].value = 1.1 * pi;
  const auto found = fired("R3", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
}

// The rules of these families.
constexpr std::string_view kRules[] = {"C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "T1",
                                       "T2", "D1", "D2", "D3", "D4", "D5", "D6", "L1", "L2",
                                       "G1", "G2", "G4", "G6", "G7", "R1", "R2", "R3"};

TEST(MissingEvidence, GivesNoFinding) {
  const RunEvidence nothing;
  for (const auto id : kRules) EXPECT_FALSE(fired(id, nothing)) << id;
}

TEST(PoorEvidence, IsSurvived) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  RunEvidence one_epoch = healthy_evidence();
  one_epoch.record = healthy_record(2);
  RunEvidence broken = whole_evidence();
  for (LossComponentsRow& row : broken.record.loss_components) row.loss.fill(nan);
  for (EpochMetricsRow& row : broken.record.epoch_metrics) row.val_loss = row.span_f1 = nan;
  for (ProbabilityStatsRow& row : broken.record.probability_stats) {
    row.separation = row.in_span.mean = row.out_span.mean = nan;
  }
  for (Judged& judged : broken.evaluation->trivial) judged.metrics.assign(19, {nan, nan, nan});
  broken.evaluation->model.metrics.assign(19, {nan, nan, nan});
  for (float& p : broken.evaluation->model.test_scores) p = std::numeric_limits<float>::quiet_NaN();
  RunEvidence no_validation = healthy_evidence_with_model();
  no_validation.data->split.train.insert(no_validation.data->split.train.end(),
                                         no_validation.data->split.validation.begin(),
                                         no_validation.data->split.validation.end());
  no_validation.data->split.validation.clear();
  no_validation.model->validation = Predictions{};
  for (EpochMetricsRow& row : no_validation.record.epoch_metrics) {
    row.val_loss = row.span_f1 = std::nullopt;
  }
  RunEvidence span_off = whole_evidence();
  span_off.recipe->loss.tasks = {Task::type, Task::ptr};
  span_off.evaluation.reset();
  for (LossComponentsRow& row : span_off.record.loss_components) {
    row.loss[at(Task::span)] = row.loss[at(Task::countdown)] = std::nullopt;
  }
  span_off.record.probability_stats.clear();
  for (const auto id : kRules) {
    fired(id, one_epoch);
    fired(id, broken);
    fired(id, no_validation);
    fired(id, span_off);
  }
}

TEST(HealthyEvidence, GivesNoHighFinding) {
  const RunEvidence whole = whole_evidence(), tables = healthy_evidence();
  for (const auto id : kRules) {
    for (const RunEvidence* evidence : {&whole, &tables}) {
      const auto found = fired(id, *evidence);
      EXPECT_FALSE(found && found->severity == Severity::high) << id << ": " << found->explanation;
    }
  }
}

}  // namespace
}  // namespace spanlab::test
