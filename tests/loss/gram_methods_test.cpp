// Balancing methods that combine task gradients: closed forms, projections by hand, brute force.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "tests/loss/batch_of_tasks.h"

namespace spanlab {
namespace {

using testing::balancer;
using testing::BatchOfTasks;
using testing::dot;
using Vectors = std::vector<std::vector<double>>;

std::vector<double> weights(Balancing method, const Vectors& gradients) {
  const auto made = balancer(method, static_cast<int>(gradients.size()));
  return BatchOfTasks::of(gradients).step(*made).shared;
}

std::vector<double> direction(Balancing method, const Vectors& gradients) {
  return BatchOfTasks::of(gradients).direction(weights(method, gradients));
}

void expect_near(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], tolerance) << i;
}

/// Gradients of several random batches of T tasks.
std::vector<Vectors> examples(size_t tasks, size_t parameters = 6) {
  std::vector<Vectors> all;
  for (uint32_t i = 0; i < 20; ++i) {
    all.push_back(BatchOfTasks::random(tasks, i, parameters).gradients);
    // Lengths over several powers of ten.
    for (double& value : all.back()[0]) value *= std::pow(10.0, i % 4);
  }
  return all;
}

TEST(OwnWeights, ArePlainButWhereThePaperWeighsThem) {
  for (const auto& [method, name] : testing::balancing_methods()) {
    const auto made = balancer(method, 3);
    if (!made->needs_gram()) continue;
    BatchOfTasks batch = BatchOfTasks::random(3, 4);
    batch.step(*made);
    const BalancerStep step = batch.step(*made);
    const bool weighs = method == Balancing::nash_mtl || method == Balancing::gradnorm;
    EXPECT_EQ(step.own, weighs ? step.shared : std::vector<double>(3, 1.0)) << name;
  }
}

TEST(Mgda, TwoTasksClosedForm) {
  for (const Vectors& g : examples(2)) {
    // The foot of the perpendicular on the segment from g1 to g2.
    const double a = dot(g[0], g[0]), b = dot(g[0], g[1]), c = dot(g[1], g[1]);
    const double first = std::clamp((c - b) / (a - 2 * b + c), 0.0, 1.0);
    expect_near(weights(Balancing::mgda, g), {2 * first, 2 - 2 * first}, 1e-9);
  }
}

TEST(Mgda, NoTaskLosesToTheShortestVector) {
  // Optimality on the simplex: v . g >= |v|^2, with equality where the weight is above 0.
  for (const size_t tasks : {3u, 4u, 8u}) {
    for (const Vectors& g : examples(tasks)) {
      const auto n = static_cast<double>(tasks);
      std::vector<double> weight = weights(Balancing::mgda, g);
      for (double& w : weight) w /= n;
      EXPECT_NEAR(dot(weight, std::vector<double>(tasks, 1.0)), 1, 1e-12);
      const std::vector<double> v = BatchOfTasks::of(g).direction(weight);
      for (size_t t = 0; t < tasks; ++t) {
        EXPECT_GE(weight[t], 0);
        const double slack = dot(v, g[t]) - dot(v, v);
        const double rounding = 1e-11 * dot(g[0], g[0]);
        EXPECT_GE(slack, -rounding);
        if (weight[t] > 1e-6) {
          EXPECT_LE(slack, rounding);
        }
      }
    }
  }
}

TEST(NashMtl, TwoTasksClosedForm) {
  for (const Vectors& g : examples(2)) {
    const double first = std::sqrt(dot(g[0], g[0])), second = std::sqrt(dot(g[1], g[1]));
    const double root = std::sqrt(1 + dot(g[0], g[1]) / first / second);
    const std::vector<double> a = weights(Balancing::nash_mtl, g);
    EXPECT_NEAR(a[0] * first * root, 1, 1e-6);
    EXPECT_NEAR(a[1] * second * root, 1, 1e-6);
  }
}

TEST(NashMtl, EveryTaskGetsTheSameRelativeGain) {
  // a_i (g_i . d) = 1 and |d| = sqrt(T).
  for (const Vectors& g : examples(5, 12)) {
    const std::vector<double> a = weights(Balancing::nash_mtl, g);
    const std::vector<double> d = direction(Balancing::nash_mtl, g);
    for (size_t t = 0; t < 5; ++t) {
      EXPECT_GT(a[t], 0);
      EXPECT_NEAR(a[t] * dot(g[t], d), 1, 1e-6);
    }
    EXPECT_NEAR(dot(d, d), 5, 1e-5);
  }
}

TEST(NashMtl, ScalingALossScalesItsWeightBack) {
  Vectors g = examples(4)[0];
  const std::vector<double> before = weights(Balancing::nash_mtl, g);
  for (double& value : g[2]) value *= 1024;
  const std::vector<double> after = weights(Balancing::nash_mtl, g);
  for (size_t t = 0; t < 4; ++t) EXPECT_EQ(after[t] * (t == 2 ? 1024 : 1), before[t]);
}

TEST(ImtlG, ProjectionsAreEqualAndPositive) {
  for (const size_t tasks : {2u, 3u, 5u}) {
    for (const Vectors& g : examples(tasks, 12)) {
      const std::vector<double> d = direction(Balancing::imtl_g, g);
      const double first = dot(d, g[0]) / std::sqrt(dot(g[0], g[0]));
      EXPECT_GT(first, 0);
      double weight_sum = 0;
      for (const double w : weights(Balancing::imtl_g, g)) weight_sum += std::abs(w);
      EXPECT_NEAR(weight_sum, static_cast<double>(tasks), 1e-9);
      for (const std::vector<double>& other : g) {
        EXPECT_NEAR(dot(d, other) / std::sqrt(dot(other, other)) / first, 1, 1e-7);
      }
    }
  }
}

TEST(ImtlG, AgreesWithTheFormulaOfThePaper) {
  // a_2 = g1 . u' / (D . u'), D = g1 - g2, u = u1 - u2; a_1 = 1 - a_2.
  const Vectors g{{3, 0}, {1, 2}};
  const double root5 = std::sqrt(5.0);
  const std::vector<double> u{1 - 1 / root5, -2 / root5}, difference{2, -2};
  const double second = dot(g[0], u) / dot(difference, u);
  expect_near(weights(Balancing::imtl_g, g), {2 - 2 * second, 2 * second}, 1e-9);
}

TEST(PcGrad, ProjectionByHand) {
  const Vectors g{{1, 0}, {-2, 2}};  // g1 . g2 = -2, |g2|^2 = 8
  // g1 - (-2 / 8) g2 = (0.5, 0.5); g2 - (-2 / 1) g1 = (0, 2).
  expect_near(direction(Balancing::pcgrad, g), {0.5, 2.5}, 1e-12);
  expect_near(weights(Balancing::pcgrad, g), {3, 1.25}, 1e-12);
}

TEST(PcGrad, WithoutConflictItIsTheSum) {
  expect_near(weights(Balancing::pcgrad, {{1, 0}, {1, 1}, {0, 3}}), {1, 1, 1}, 0);
}

TEST(PcGrad, TheOrderIsRandomAndMatters) {
  const Vectors g{{1, 0.1}, {-1, 0.5}, {-0.5, -1}};
  const auto method = balancer(Balancing::pcgrad, 3);
  BatchOfTasks batch = BatchOfTasks::of(g);
  const std::vector<double> first = batch.step(*method).shared;
  EXPECT_EQ(batch.step(*method).shared, first);
  bool differs = false;
  for (batch.batch = 1; batch.batch < 20; ++batch.batch) {
    differs |= batch.step(*method).shared != first;
  }
  EXPECT_TRUE(differs);
}

TEST(PcGrad, TheOrderIsTheOneDrawnForEpochAndBatch) {
  const Vectors g{{1, 0.1}, {-1, 0.5}, {-0.5, -1}};
  const auto method = balancer(Balancing::pcgrad, 3);  // of seed 7
  for (uint32_t number = 0; number < 10; ++number) {
    BatchOfTasks batch = BatchOfTasks::of(g);
    batch.epoch = 2;
    batch.batch = number;
    const std::vector<double> found = batch.direction(batch.step(*method).shared);
    RandomStream stream(7, Purpose::balancing, 2, number);
    std::vector<double> sum(2);
    for (size_t i = 0; i < 3; ++i) {
      std::vector<size_t> order{0, 1, 2};
      stream.shuffle(std::span(order));
      std::vector<double> part = g[i];
      for (const size_t j : order) {
        if (j == i) continue;
        const double along = std::min(0.0, dot(part, g[j])) / dot(g[j], g[j]);
        for (size_t k = 0; k < 2; ++k) part[k] -= along * g[j][k];
      }
      for (size_t k = 0; k < 2; ++k) sum[k] += part[k];
    }
    expect_near(found, sum, 1e-12);
  }
}

/// min over the simplex of g_w . g0 + c |g0| |g_w|, on a grid of 1 / 200 for three tasks.
double least_on_grid(const Vectors& g, double c) {
  const BatchOfTasks batch = BatchOfTasks::of(g);
  const std::vector<double> g0 = batch.direction({1.0 / 3, 1.0 / 3, 1.0 / 3});
  const double radius = c * std::sqrt(dot(g0, g0));
  double least = HUGE_VAL;
  constexpr int kGrid = 200;
  for (int i = 0; i <= kGrid; ++i) {
    for (int j = 0; j <= kGrid - i; ++j) {
      const double a = i / double{kGrid}, b = j / double{kGrid};
      const std::vector<double> gw = batch.direction({a, b, 1 - a - b});
      least = std::min(least, dot(gw, g0) + radius * std::sqrt(dot(gw, gw)));
    }
  }
  return least;
}

TEST(CaGrad, AgainstBruteForceOverTheSimplex) {
  // Duality: the worst task's gain along d is the least value that the weights can reach.
  constexpr double kC = 0.4;
  for (Vectors g : examples(3, 4)) {
    const std::vector<double> d = direction(Balancing::cagrad, g);
    const double rescale = (1 + kC * kC) / 3;  // to the paper's d before it is divided
    double worst = HUGE_VAL;
    for (const std::vector<double>& gradient : g) {
      worst = std::min(worst, rescale * dot(d, gradient));
    }
    const double grid = least_on_grid(g, kC);
    const double size = dot(g[0], g[0]) + dot(g[1], g[1]) + dot(g[2], g[2]);
    EXPECT_LE(worst, grid + 1e-9 * size);  // the grid misses the minimum, never by less than none
    EXPECT_NEAR(worst, grid, 2e-3 * size);
  }
}

TEST(CaGrad, StaysInItsBallAndIsTheSumForNoRadius) {
  for (const Vectors& g : examples(4)) {
    const BalancingConfig config{.method = Balancing::cagrad, .cagrad_c = 0};
    BatchOfTasks batch = BatchOfTasks::of(g);
    expect_near(batch.step(*testing::balancer(config, 4)).shared, {1, 1, 1, 1}, 0);
    const std::vector<double> d = direction(Balancing::cagrad, g);
    const std::vector<double> sum = batch.direction({1, 1, 1, 1});
    double square = 0;
    for (size_t p = 0; p < d.size(); ++p) {
      square += std::pow(d[p] * (1 + 0.4 * 0.4) - sum[p], 2);
    }
    EXPECT_NEAR(std::sqrt(square / dot(sum, sum)), 0.4, 1e-6);
  }
}

TEST(AlignedMtl, SingularValuesBecomeTheSmallest) {
  // Orthogonal gradients: each is shrunk to the shortest.
  expect_near(direction(Balancing::aligned_mtl, {{100, 0}, {0, 2}}), {2, 2}, 1e-9);
  // Two gradients of length 1 at 60 degrees: K = [1 1/2; 1/2 1], l = 1/2, 3/2; the sum lies in the
  // direction of the larger one and shrinks by sqrt(1/3).
  const double root = std::sqrt(1.0 / 3);
  expect_near(weights(Balancing::aligned_mtl, {{1, 0}, {0.5, std::sqrt(0.75)}}), {root, root},
              1e-12);
}

TEST(AlignedMtl, TheAlignedMatrixIsOrthogonal) {
  // The aligned gradients are B G with B symmetric, so that the direction d solves
  // d . d = sigma^2 T with sigma the smallest singular value: for T = 2 that is known.
  for (const Vectors& g : examples(2)) {
    const double a = dot(g[0], g[0]), b = dot(g[0], g[1]), c = dot(g[1], g[1]);
    const double smallest = 2 * (a * c - b * b) / (a + c + std::hypot(a - c, 2 * b));
    const std::vector<double> d = direction(Balancing::aligned_mtl, g);
    EXPECT_NEAR(dot(d, d) / (2 * smallest), 1, 1e-8);
  }
}

TEST(AlignedMtl, GradientsThatDependOnEachOther) {
  // Rank 1: the only singular value is the smallest one, nothing changes.
  expect_near(weights(Balancing::aligned_mtl, {{1, 2}, {1, 2}}), {1, 1}, 1e-9);
  // Opposed and of rank 1: the projection of (1, 1) on (1, -2) / sqrt 5.
  expect_near(weights(Balancing::aligned_mtl, {{1, 0}, {-2, 0}}), {-0.2, 0.4}, 1e-9);
}

TEST(GradNorm, TheShorterGradientGainsWeight) {
  const auto method = balancer(Balancing::gradnorm, 2);
  BatchOfTasks batch = BatchOfTasks::of({{10, 0}, {0, 1}});
  EXPECT_EQ(batch.step(*method).shared, (std::vector<double>{1, 1}));
  // Adam's first step is the learning rate each way; the sum stays 2.
  expect_near(batch.step(*method).shared, {0.975, 1.025}, 1e-8);
  for (int i = 0; i < 200; ++i) batch.step(*method);
  // In the end the weighted lengths are as equal as the steps of 0.025 let them be.
  const std::vector<double> weight = batch.step(*method).shared;
  EXPECT_NEAR(weight[0], 2.0 / 11, 0.05);
  EXPECT_NEAR(weight[0] + weight[1], 2, 1e-12);
}

TEST(GradNorm, TheSlowerTaskIsPulledUp) {
  // Equal gradients, but the first loss has not fallen: its length should be above the mean.
  const auto method = balancer(Balancing::gradnorm, 2);
  BatchOfTasks batch = BatchOfTasks::of({{1, 0}, {0, 1}});
  batch.loss = {1, 1};
  batch.step(*method);
  batch.loss = {1, 0.1};
  batch.step(*method);
  const std::vector<double> weight = batch.step(*method).shared;
  EXPECT_GT(weight[0], weight[1]);
}

}  // namespace
}  // namespace spanlab
