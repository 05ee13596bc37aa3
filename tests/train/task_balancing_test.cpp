// Tasks of a recipe in any order against arrays by task; the shares that are recorded.
#include "spanlab/train/task_balancing.h"

#include <gtest/gtest.h>

#include <cmath>

namespace spanlab {
namespace {

const TaskLosses kLosses{{0.5, 0.25, 2, 8}, {true, true, true, true}};

TEST(TaskBalancing, FixedWeightsFollowTheirTask) {
  BalancingConfig config;
  config.method = Balancing::fixed;
  const std::vector<Task> tasks{Task::countdown, Task::type, Task::span};
  config.weights = {4, 100, 3, 1};
  TaskBalancing balancing(config, tasks, 0);
  const BalancerStep step = balancing.step(kLosses, {}, {}, 1, 0);
  EXPECT_EQ(step.shared, (std::vector<double>{1, 4, 3}));
  EXPECT_EQ(step.total, 8 + 4 * 0.5 + 3 * 2);
  EXPECT_EQ(balancing.shares(), (std::array<double, 4>{0.5, 0, 0.375, 0.125}));
  EXPECT_EQ(balancing.total(kLosses, {}), 10.5);  // the plain sum
}

TEST(TaskBalancing, SharesAreTheMeanOverTheBatchesOfAnEpoch) {
  BalancingConfig config;
  config.method = Balancing::sum;
  const std::vector<Task> tasks{Task::ptr, Task::span};
  TaskBalancing balancing(config, tasks, 0);
  EXPECT_EQ(balancing.shares()[2], 0.5);  // before the first batch
  TaskLosses unlabelled = kLosses;
  unlabelled.present = {false, false, true, false};
  balancing.step(kLosses, {}, {}, 1, 0);
  balancing.step(unlabelled, {}, {}, 1, 1);
  EXPECT_EQ(balancing.shares(), (std::array<double, 4>{0, 0.25, 0.75, 0}));
  balancing.step(kLosses, {}, {}, 2, 0);
  EXPECT_EQ(balancing.shares(), (std::array<double, 4>{0, 0.5, 0.5, 0}));
}

TEST(TaskBalancing, EvaluationLeavesTheMethodAlone) {
  for (const Balancing method : {Balancing::initial_loss, Balancing::dwa, Balancing::famo}) {
    BalancingConfig config;
    config.method = method;
    TaskBalancing balancing(config, {Task::type, Task::ptr, Task::span, Task::countdown}, 0);
    const std::vector<double> before = balancing.state();
    EXPECT_EQ(balancing.total(kLosses, {}), 10.75);
    EXPECT_EQ(balancing.state(), before);
  }
}

TEST(TaskBalancing, EpochsReachTheMethod) {
  BalancingConfig config;
  config.method = Balancing::dwa;
  const std::vector<Task> tasks{Task::span, Task::countdown};
  TaskBalancing balancing(config, tasks, 0);
  balancing.end_epoch({9, 9, 2, 8});
  balancing.end_epoch({9, 9, 2, 4});
  // r = (1, 1/2), softmax with temperature 2, times 2.
  const double span = std::exp(0.5), countdown = std::exp(0.25);
  const BalancerStep step = balancing.step(kLosses, {}, {}, 3, 0);
  EXPECT_NEAR(step.shared[0], 2 * span / (span + countdown), 1e-12);
}

}  // namespace
}  // namespace spanlab
