// The schedules against PyTorch's formulas, written out as its documentation gives them.
#include "spanlab/train/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace spanlab {
namespace {

TEST(LearningRate, ConstantIsTheSettingItself) {
  const LearningRate rate({0.1, Schedule::constant}, 3, 7);
  for (const int64_t step : {0, 1, 20, 21, 1000}) EXPECT_EQ(rate.at(step), 0.1);
}

TEST(LearningRate, OneCycleRisesOver30PercentAndEndsFarBelowItsStart) {
  // OneCycleLR(max_lr=0.1, total_steps=20): the rise ends at step 0.3 * 20 - 1 = 5.
  const LearningRate rate({0.1, Schedule::one_cycle}, 4, 5);
  EXPECT_DOUBLE_EQ(rate.at(0), 0.1 / 25);
  EXPECT_NEAR(rate.at(1), 0.1 + (0.004 - 0.1) / 2 * (1 + std::cos(std::numbers::pi / 5)), 1e-15);
  EXPECT_DOUBLE_EQ(rate.at(5), 0.1);
  EXPECT_NEAR(rate.at(12), (0.1 + 4e-7) / 2, 1e-15);  // half way from step 5 to step 19
  EXPECT_NEAR(rate.at(19), 0.1 / 25 / 1e4, 1e-18);
  EXPECT_EQ(rate.at(25), rate.at(19));
  for (int64_t step = 1; step < 20; ++step) {
    EXPECT_EQ(rate.at(step) > rate.at(step - 1), step <= 5) << step;
  }
}

TEST(LearningRate, OneCycleOfFewStepsStaysBetweenItsEnds) {
  for (const int steps : {1, 2, 3, 4}) {
    const LearningRate rate({0.1, Schedule::one_cycle}, 1, steps);
    for (int64_t step = 0; step < steps; ++step) {
      EXPECT_GE(rate.at(step), 0.1 / 25 / 1e4 * (1 - 1e-9)) << steps;
      EXPECT_LE(rate.at(step), 0.1) << steps;
    }
  }
}

TEST(LearningRate, CosineFallsToNothingAfterTheLastStep) {
  // CosineAnnealingLR(T_max=20, eta_min=0).
  const LearningRate rate({0.1, Schedule::cosine}, 4, 5);
  EXPECT_DOUBLE_EQ(rate.at(0), 0.1);
  EXPECT_DOUBLE_EQ(rate.at(10), 0.05);
  EXPECT_NEAR(rate.at(19), 0.05 * (1 + std::cos(std::numbers::pi * 19 / 20)), 1e-15);
  EXPECT_GT(rate.at(19), 0);
}

TEST(LearningRate, ExponentialStepsDownOnceAnEpoch) {
  const LearningRate rate({0.1, Schedule::exponential, 0.5}, 4, 5);
  EXPECT_EQ(rate.at(0), 0.1);
  EXPECT_EQ(rate.at(4), 0.1);
  EXPECT_EQ(rate.at(5), 0.05);
  EXPECT_EQ(rate.at(19), 0.0125);
}

}  // namespace
}  // namespace spanlab
