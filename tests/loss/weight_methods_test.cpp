// Balancing methods that look at losses alone: each against its formula, worked out by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/loss/batch_of_tasks.h"

namespace spanlab {
namespace {

using testing::balancer;
using testing::BatchOfTasks;

/// A batch of two tasks with these losses.
BatchOfTasks losses(double first, double second) {
  BatchOfTasks batch = BatchOfTasks::random(2, 0);
  batch.loss = {first, second};
  return batch;
}

void expect_weights(const BalancerStep& step, const std::vector<double>& weight,
                    double tolerance = 1e-12) {
  for (size_t t = 0; t < weight.size(); ++t) {
    EXPECT_NEAR(step.shared[t], weight[t], tolerance) << t;
  }
  EXPECT_EQ(step.own, step.shared);
}

TEST(PlainSum, WeighsOne) {
  const BalancerStep step = losses(2, 3).step(*balancer(Balancing::sum, 2));
  expect_weights(step, {1, 1});
  EXPECT_EQ(step.total, 5);
}

TEST(FixedWeights, AreUsedAsGiven) {
  const BalancerStep step = losses(2, 3).step(*balancer(Balancing::fixed, 2));
  expect_weights(step, {1, 2});
  EXPECT_EQ(step.total, 8);
}

TEST(InitialLoss, IsThatOfTheFirstBatchWithTheTask) {
  const auto method = balancer(Balancing::initial_loss, 2);
  BatchOfTasks first = losses(4, 9);
  first.present[1] = 0;
  expect_weights(first.step(*method), {0.25, 0});
  const BalancerStep second = losses(2, 10).step(*method);
  expect_weights(second, {0.25, 0.1});
  EXPECT_NEAR(second.total, 1.5, 1e-12);
  expect_weights(losses(1, 1).step(*method), {0.25, 0.1});
}

TEST(UncertaintyOptimal, IsOneOverTheLoss) {
  const BalancerStep step = losses(4, 0.5).step(*balancer(Balancing::uncertainty_optimal, 2));
  expect_weights(step, {0.25, 2});
  EXPECT_NEAR(step.total, std::log(2.0), 1e-12);
}

class LearnedScale : public ::testing::TestWithParam<Balancing> {};

TEST_P(LearnedScale, GradientsAreThoseOfTheTotal) {
  const auto method = balancer(GetParam(), 2);
  constexpr double kStep = 1e-6;
  for (const double log_scale : {-2.0, -0.3, 0.0, 1.1}) {
    BatchOfTasks batch = losses(1.7, 0.02);
    batch.log_scale = {log_scale, 0.4};
    const BalancerStep step = batch.step(*method);
    for (size_t t = 0; t < 2; ++t) {
      const auto slope = [&](double& value) {
        const double before = value;
        value = before + kStep;
        const double above = batch.step(*method).total;
        value = before - kStep;
        const double below = batch.step(*method).total;
        value = before;
        return (above - below) / (2 * kStep);
      };
      const double scale = 1 + std::abs(step.shared[t]);
      EXPECT_NEAR(step.shared[t], slope(batch.loss[t]), 1e-7 * scale);
      EXPECT_NEAR(step.own[t], step.shared[t], 0);
      EXPECT_NEAR(step.dlog_scale[t], slope(batch.log_scale[t]), 1e-6 * scale);
    }
  }
}

TEST_P(LearnedScale, WarmStartIsTheOptimum) {
  const auto method = balancer(GetParam(), 2);
  BatchOfTasks batch = losses(9, 0.02);
  for (size_t t = 0; t < 2; ++t) batch.log_scale[t] = method->warm_log_scale(batch.loss[t]);
  const BalancerStep step = batch.step(*method);
  for (const double slope : step.dlog_scale) EXPECT_NEAR(slope, 0, 1e-12);
  // Where it stands, it weighs as UW-O does, up to a constant.
  EXPECT_NEAR(step.shared[1] / step.shared[0], 9 / 0.02, 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Balancing, LearnedScale,
                         ::testing::Values(Balancing::uncertainty, Balancing::imtl_l));

TEST(Uncertainty, TheReportedRunHadToTravelFurtherThanItCould) {
  // Countdown's loss of 10.07 asks for ln sigma = 1.155; 600 steps of 0.001 make 0.6.
  const auto method = balancer(Balancing::uncertainty, 1);
  EXPECT_NEAR(method->warm_log_scale(10.07), 1.155, 5e-4);
}

TEST(DynamicWeightAverage, ByHand) {
  const auto method = balancer(Balancing::dwa, 2);
  expect_weights(losses(1, 1).step(*method), {1, 1});
  method->end_epoch(std::vector<double>{4, 10});
  expect_weights(losses(1, 1).step(*method), {1, 1});
  method->end_epoch(std::vector<double>{2, 9});
  // r = 0.5, 0.9; temperature 2
  const double a = std::exp(0.25), b = std::exp(0.45);
  expect_weights(losses(1, 1).step(*method), {2 * a / (a + b), 2 * b / (a + b)});
  // An epoch without the second task leaves its pace as it was.
  method->end_epoch(std::vector<double>{2, std::nan("")});
  const double c = std::exp(0.5);
  expect_weights(losses(1, 1).step(*method), {2 * c / (c + b), 2 * b / (c + b)});
}

TEST(RandomWeights, DifferFromStepToStepAndSumUpToTheNumberOfTasks) {
  const auto method = balancer(Balancing::rlw, 3);
  std::vector<double> mean(3, 0.0);
  constexpr int kBatches = 4000;
  for (uint32_t i = 0; i < kBatches; ++i) {
    BatchOfTasks batch = BatchOfTasks::random(3, i, 1);
    const BalancerStep step = batch.step(*method);
    EXPECT_NEAR(step.shared[0] + step.shared[1] + step.shared[2], 3, 1e-12);
    for (size_t t = 0; t < 3; ++t) mean[t] += step.shared[t] / kBatches;
  }
  for (const double m : mean) EXPECT_NEAR(m, 1, 0.05);  // one weight's deviation is 0.6
  BatchOfTasks one = BatchOfTasks::random(3, 0), next = BatchOfTasks::random(3, 1);
  EXPECT_NE(one.step(*method).shared, next.step(*method).shared);
  next = one;
  next.epoch = 2;
  EXPECT_NE(one.step(*method).shared, next.step(*method).shared);
}

TEST(Famo, OneStepByHand) {
  const auto method = balancer(Balancing::famo, 2);
  BatchOfTasks batch = losses(4, 1);
  // z = 1/2, 1/2: z / L = 1/8, 1/2, scaled to a sum of 2.
  expect_weights(batch.step(*method), {0.4, 1.6});
  // Adam's first step is the learning rate against the sign of z (fall - mean fall): the first
  // fell by ln 2, the second by nothing; the first loses weight.
  method->after_step(std::vector<double>{2, 1});
  EXPECT_NEAR(method->state()[0], -0.025, 1e-8);
  EXPECT_NEAR(method->state()[1], 0.025, 1e-8);
  const double a = std::exp(-0.025) / 4, b = std::exp(0.025);
  expect_weights(batch.step(*method), {2 * a / (a + b), 2 * b / (a + b)}, 1e-8);
}

TEST(Famo, SecondStepByHand) {
  const auto method = balancer(Balancing::famo, 2);
  BatchOfTasks batch = losses(4, 1);
  batch.step(*method);
  method->after_step(std::vector<double>{2, 1});
  batch.step(*method);
  method->after_step(std::vector<double>{4, 0.5});
  // Gradients z1 z2 (fall1 - fall2) of the first logit: g1 = ln 2 / 4, then with z from the logits
  // of the test above.
  const double z1 = 1 / (1 + std::exp(0.05)), ln2 = std::log(2.0);
  const double g1 = ln2 / 4, g2 = -z1 * (1 - z1) * ln2;
  const double mean = (0.09 * g1 + 0.1 * g2) / (1 - 0.81);
  const double square = (0.000999 * g1 * g1 + 0.001 * g2 * g2) / (1 - 0.998001);
  EXPECT_NEAR(method->state()[0], -0.025 - 0.025 * mean / std::sqrt(square), 1e-7);
}

TEST(Famo, DecayPullsTheLogitsBack) {
  const auto method = testing::balancer({.method = Balancing::famo, .famo_decay = 0.1}, 2);
  method->state()[0] = 3;
  BatchOfTasks batch = losses(4, 1);
  batch.step(*method);
  method->after_step(batch.loss);  // nothing fell
  EXPECT_NEAR(method->state()[0], 3 - 0.025, 1e-7);
  EXPECT_EQ(method->state()[1], 0);
}

TEST(Famo, ManyStepsDoNotOverflow) {
  const auto method = balancer(Balancing::famo, 2);
  method->state()[0] = 900;
  BatchOfTasks batch = losses(4, 1);
  expect_weights(batch.step(*method), {2, 0});
  method->after_step(std::vector<double>{2, 1});
  for (const double value : method->state()) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace spanlab
