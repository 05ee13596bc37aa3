// The two-parameter toy: what the scale of a loss does to the plain sum, and that FAMO heals it.
#include "tests/loss/toy_2d.h"

#include <gtest/gtest.h>

namespace spanlab::testing {
namespace {

TEST(Toy2d, GradientsAreThoseOfTheLosses) {
  const Toy2d toy;
  constexpr double kStep = 1e-6;
  for (const auto& start : {std::array<double, 2>{-8.5, 7.5}, {1, -3}, {9, 9}, {-7.5, -0.5}}) {
    for (size_t p = 0; p < 2; ++p) {
      std::array<double, 2> above = start, below = start;
      above[p] += kStep;
      below[p] -= kStep;
      for (size_t t = 0; t < 2; ++t) {
        const double slope = (toy.at(above).loss[t] - toy.at(below).loss[t]) / (2 * kStep);
        EXPECT_NEAR(toy.at(start).gradients[t][p], slope, 1e-7);
      }
    }
  }
}

TEST(Toy2d, ThePlainSumEndsWhereTheScaleSendsIt) {
  // Minimum of the sum on the front: the mean of the bowls' centres, weighted by their scales:
  // 7 (0.1 - 1) / (0.1 + 1) = -5.727.
  ToyRun run;
  run.steps = 35000;
  const std::array<double, 2> unequal = run_toy(run, Toy2d::kStarts[0]);
  EXPECT_TRUE(reached_front(unequal));
  EXPECT_NEAR(unequal[0], -5.727, 1e-3);
  run.scale = 1;
  const std::array<double, 2> equal = run_toy(run, Toy2d::kStarts[4]);
  EXPECT_TRUE(reached_front(equal));
  EXPECT_NEAR(equal[0], 0, 1e-3);
}

// Liu et al., "FAMO", NeurIPS 2023: Adam on the plain sum fails from one of the five starts, FAMO
// from none.
TEST(Toy2d, ThePlainSumFailsFromOneStart) {
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(reached_front(run_toy({}, Toy2d::kStarts[i])), i != 2);
}

TEST(Toy2d, FamoReachesTheFrontFromEveryStart) {
  ToyRun run;
  run.balancing.method = Balancing::famo;
  for (const auto& start : Toy2d::kStarts) {
    const std::array<double, 2> end = run_toy(run, start);
    EXPECT_TRUE(reached_front(end));
    EXPECT_LT(std::abs(end[0]), 3);  // between the two optima at -7 and 7
  }
}

}  // namespace
}  // namespace spanlab::testing
