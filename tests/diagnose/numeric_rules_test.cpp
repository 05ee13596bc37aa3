// Family N, and the losses of answers that do not look at the inputs.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "spanlab/diagnose/trivial_losses.h"
#include "tests/diagnose/check_rule.h"
#include "tests/diagnose/make_evidence.h"

namespace spanlab::test {
namespace {

// First losses as an untrained model on the made-up data has them.
void start_untrained(RunEvidence& e) {
  const RunData& data = *e.data;
  const TrivialLosses trivial =
      trivial_losses(e.recipe->loss, e.recipe->model.span_head, data.dataset, data.split.train);
  for (InitialLossesRow& row : e.record.initial_losses) {
    row.loss = trivial.untrained;
    row.loss[at(Task::span)] = trivial.constant[at(Task::span)];
  }
}

TEST(NumericRules, AreSilentOnAHealthyRunAndWithoutTables) {
  RunEvidence whole = healthy_evidence_with_model(), nothing;
  start_untrained(whole);
  for (const char* id : {"N1", "N2", "N3"}) {
    EXPECT_FALSE(check(id, whole)) << id;
    EXPECT_FALSE(check(id, healthy_evidence())) << id;
    EXPECT_FALSE(check(id, nothing)) << id;
  }
}

TEST(NotFinite, NamesTheFirstPlace) {
  RunEvidence e = healthy_evidence();
  for (LossComponentsRow& row : e.record.loss_components) {
    if (row.epoch >= 7) row.loss[at(Task::span)] = std::nan("");
  }
  e.record.gradient_stats.back().total_grad_norm = std::numeric_limits<double>::infinity();
  const auto found = check("N1", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
  EXPECT_EQ(found->evidence.front().name, "loss_span");
  EXPECT_EQ(found->evidence.front().epoch, 7);
  EXPECT_EQ(value_of(*found, "cells"), 2 * 34 + 1);
  EXPECT_EQ(found->remedies.front().patch,
            (std::vector<std::string>{"train.learning_rate=0.0001", "train.clip_norm=1"}));
}

TEST(NotFinite, FeaturesAndWeights) {
  RunEvidence e = healthy_evidence_with_model();
  e.model->parameters[3] = std::numeric_limits<float>::quiet_NaN();
  auto found = check("N1", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->evidence.front().file, "checkpoint_epoch_40.safetensors");
  e = healthy_evidence();
  e.record.feature_stats.front().values.mean = std::nan("");
  found = check("N1", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->evidence.front().name, "open_norm");
}

TEST(ExactZero, FiveInARow) {
  RunEvidence e = healthy_evidence();
  for (size_t i = 0; i < 4; ++i) e.record.gradient_stats[i].total_grad_norm = 0;
  EXPECT_FALSE(check("N2", e));
  e.record.gradient_stats[4].total_grad_norm = 0;
  const auto found = check("N2", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
  EXPECT_EQ(found->evidence.front().epoch, 5);
  RunEvidence loss = healthy_evidence();
  for (LossComponentsRow& row : loss.record.loss_components) row.loss[at(Task::ptr)] = 0;
  EXPECT_EQ(check("N2", loss)->severity, Severity::medium);
}

TEST(InitialLoss, OffFromAnUntrainedHead) {
  RunEvidence e = healthy_evidence_with_model();
  start_untrained(e);
  e.record.initial_losses[0].loss[at(Task::type)] = std::log(3.0) * 1.09;
  EXPECT_FALSE(check("N3", e));
  e.record.initial_losses[0].loss[at(Task::type)] = std::log(3.0) * 1.2;
  const auto found = check("N3", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::medium);
  EXPECT_NEAR(value_of(*found, "initial type loss"), 20, 1e-6);
}

TEST(InitialLoss, ABiasWouldGiveTheBaseRateAtOnce) {
  RunEvidence e = healthy_evidence_with_model();
  start_untrained(e);
  e.recipe->model.span_start = SpanStart::uniform;
  e.record.initial_losses[0].loss[at(Task::span)] = std::log(2.0);
  const auto found = check("N3", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::note);
  EXPECT_EQ(found->remedies.front().patch.front(), "model.span_start=prior");
}

TEST(TrivialLoss, ReportedNumbers) {
  // At a base rate of 0.0705 and a weight of 13.1: 0.2554 nats, best constant 0.498 at 1.284.
  Dataset d;
  d.windows = 1;
  d.length = 2000;
  d.labelled = {1};
  d.type = {1};
  d.pointers = {0.5F, 0.1F};
  d.mask.assign(2000, 0.0F);
  std::fill_n(d.mask.begin(), 141, 1.0F);
  d.countdown.assign(2000, 20.0F);
  Recipe recipe;
  TrivialLosses plain = trivial_losses(recipe.loss, recipe.model.span_head, d, {0});
  EXPECT_NEAR(plain.base_rate, 0.0705, 1e-12);
  EXPECT_NEAR(*plain.constant[at(Task::span)], 0.2549, 2e-4);
  EXPECT_NEAR(*plain.untrained[at(Task::span)], std::log(2.0), 1e-12);
  EXPECT_NEAR(*plain.untrained[at(Task::countdown)], 19.5, 1e-9) << "20 - 1/2";
  EXPECT_NEAR(*plain.constant[at(Task::countdown)], 0, 1e-9);
  EXPECT_EQ(*plain.constant[at(Task::type)], 0) << "one class needs no bits";
  recipe.loss.span_pos_weight = 13.1;
  EXPECT_NEAR(*trivial_losses(recipe.loss, recipe.model.span_head, d, {0}).constant[at(Task::span)],
              1.284, 1e-3);
}

TEST(TrivialLoss, BestHuberConstantIsTheMedianOrTheMean) {
  Dataset d;
  d.windows = 3;
  d.length = 1;
  d.labelled = {1, 1, 1};
  d.type = {0, 1, 0};
  d.pointers = {0.2F, 0.1F, 0.3F, 0.1F, 0.7F, 0.1F};
  d.mask = {0, 0, 0};
  d.countdown = {-20, 1, 15};
  Recipe recipe;
  recipe.loss.countdown_delta = 0.001;
  // Far from the corner the loss is 0.001 |e|: the median, 1, costs 0.001 (21 + 14) / 3.
  EXPECT_NEAR(*trivial_losses(recipe.loss, recipe.model.span_head, d, {0, 1, 2})
                   .constant[at(Task::countdown)],
              0.035 / 3, 1e-5);
  recipe.loss.countdown_delta = 1000;
  // Half the variance around the mean -4/3.
  const double mean = -4.0 / 3;
  const double half =
      (std::pow(-20 - mean, 2) + std::pow(1 - mean, 2) + std::pow(15 - mean, 2)) / 6;
  EXPECT_NEAR(*trivial_losses(recipe.loss, recipe.model.span_head, d, {0, 1, 2})
                   .constant[at(Task::countdown)],
              half, 1e-6);
}

TEST(TrivialLoss, WindowsWithoutTargets) {
  Dataset d;
  d.windows = 1;
  d.length = 3;
  d.labelled = {0};
  d.type = {0};
  d.pointers = {0, 0};
  d.mask = {0, 0, 0};
  d.countdown = {0, 0, 0};
  const TrivialLosses none = trivial_losses(LossConfig(), SpanHead::bar, d, {0});
  EXPECT_FALSE(none.constant[at(Task::type)] || none.constant[at(Task::countdown)]);
  EXPECT_EQ(*none.constant[at(Task::span)], 0);
  EXPECT_FALSE(trivial_losses(LossConfig(), SpanHead::bar, d, {}).constant[at(Task::span)]);
}

}  // namespace
}  // namespace spanlab::test
