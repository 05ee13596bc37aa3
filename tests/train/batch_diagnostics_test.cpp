// The rows of a batch's diagnosis, from numbers chosen by hand.
#include "spanlab/train/batch_diagnostics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace spanlab {
namespace {

TEST(BatchDiagnostics, NormsAndCosinesFollowFromTheGram) {
  // Gradients (3, 0), (0, 2), (-1, 1) of countdown, type and span: the recipe's order, not Task's.
  const std::vector<Task> tasks{Task::countdown, Task::type, Task::span};
  const std::vector<uint8_t> present{1, 1, 1};
  const std::vector<double> gram{9, 0, -3, 0, 4, 2, -3, 2, 2}, weight{0.5, 1, 2};
  const TaskGradientsRow row = task_gradients_row(20, tasks, present, gram, weight);
  EXPECT_EQ(row.epoch, 20);
  EXPECT_EQ(row.norm, (TaskCells{2.0, std::nullopt, std::sqrt(2.0), 3.0}));
  EXPECT_EQ(row.weight, (TaskCells{1.0, std::nullopt, 2.0, 0.5}));
  const double half = std::sqrt(0.5);
  EXPECT_FALSE(row.cosine[0].has_value());    // type, ptr
  EXPECT_NEAR(*row.cosine[1], half, 1e-15);   // type, span
  EXPECT_EQ(*row.cosine[2], 0);               // type, countdown
  EXPECT_FALSE(row.cosine[3].has_value());    // ptr, span
  EXPECT_FALSE(row.cosine[4].has_value());    // ptr, countdown
  EXPECT_NEAR(*row.cosine[5], -half, 1e-15);  // span, countdown
}

TEST(BatchDiagnostics, WhatIsAbsentOrZeroHasNoCosine) {
  const std::vector<Task> tasks{Task::type, Task::ptr, Task::span};
  const std::vector<uint8_t> present{1, 0, 1};
  const std::vector<double> gram{4, 0, 0, 0, 0, 0, 0, 0, 0}, weight{1, 0, 1};
  const TaskGradientsRow row = task_gradients_row(1, tasks, present, gram, weight);
  EXPECT_EQ(row.norm, (TaskCells{2.0, std::nullopt, 0.0, std::nullopt}));
  EXPECT_FALSE(row.weight[1].has_value());
  for (const Cell& cosine : row.cosine) EXPECT_FALSE(cosine.has_value());
}

TEST(BatchDiagnostics, UpdatesAreStepsOverWeights) {
  ParameterTable table;
  for (const char* name : {"moved", "frozen", "from_zero", "still_zero"})
    table.add({}, name, {2}, 0);
  const std::vector<float> before{3, 4, 1, 1, 0, 0, 0, 0}, after{3.5f, 4, 1, 1, 0.1f, 0, 0, 0};
  const UpdateStatsRow row = update_stats_row(7, 1e-3, table, before, after);
  EXPECT_EQ(row.learning_rate, 1e-3);
  ASSERT_EQ(row.ratios.size(), 4u);
  EXPECT_DOUBLE_EQ(row.ratios[0], 0.1);
  EXPECT_EQ(row.ratios[1], 0);
  EXPECT_TRUE(std::isnan(row.ratios[2]));
  EXPECT_EQ(row.ratios[3], 0);
}

TEST(BatchDiagnostics, AWeightThatIsNotANumberShows) {
  ParameterTable table;
  table.add({}, "w", {1}, 0);
  const std::vector<float> before{1}, after{std::nanf("")};
  EXPECT_TRUE(std::isnan(update_stats_row(1, 1, table, before, after).ratios[0]));
}

}  // namespace
}  // namespace spanlab
