// The learner: what it trains, what it leaves alone, that it learns at all.
#include "spanlab/train/learner.h"

#include <gtest/gtest.h>

#include <numeric>

#include "spanlab/windows/window_file.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

struct Bench {
  SmallData data;
  Recipe recipe = small_recipe();
  Dataset dataset =
      build_dataset(read_bars(data.inputs.bars), data.windows, 30, recipe.data.features,
                    recipe.data.feature_mode, recipe.loss.countdown_target);
  std::vector<int> all = std::vector<int>(data.windows.size());
  Bench() { std::iota(all.begin(), all.end(), 0); }
};

TEST(Learner, EvaluationChangesNothing) {
  Bench s;
  Learner learner(s.recipe, s.dataset, 2);
  const std::vector<float> before = learner.state().parameters;
  const BatchLosses first = learner.evaluate_batch(s.all);
  const BatchLosses again = learner.evaluate_batch(s.all);
  EXPECT_EQ(first.total, again.total);
  EXPECT_EQ(learner.state().parameters, before);
}

TEST(Learner, FitsOneBatchWithoutDropout) {
  Bench s;
  s.recipe.model.input_dropout = s.recipe.model.head_dropout = 0;
  s.recipe.loss.tasks = {Task::span};
  s.recipe.loss.balancing = Balancing::sum;
  s.recipe.train.learning_rate = 0.01;
  Learner learner(s.recipe, s.dataset, 2);
  const std::vector<int> batch(s.all.begin(), s.all.begin() + 8);
  const double before = learner.evaluate_batch(batch).total;
  for (int step = 0; step < 400; ++step) learner.train_batch(batch, 1, step);
  EXPECT_LT(learner.evaluate_batch(batch).total, 0.02 * before);
}

TEST(Learner, TheGradientIsThatOfTheTrainingTotal) {
  // Directional derivative along the gradient itself, in float: coarse, but end to end.
  Bench s;
  s.recipe.model.input_dropout = s.recipe.model.head_dropout = 0;
  s.recipe.train.learning_rate = 0;
  Learner learner(s.recipe, s.dataset, 1);
  learner.train_batch(s.all, 1, 0);
  const std::vector<float> gradient = learner.gradient();
  double squares = 0;
  for (const float g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
  const std::vector<float> start = learner.state().parameters;
  const auto total_at = [&](double step) {
    for (size_t i = 0; i < start.size(); ++i) {
      learner.state().parameters[i] = static_cast<float>(start[i] + step * gradient[i]);
    }
    return learner.evaluate_batch(s.all).total;
  };
  const double step = 1e-3 / std::sqrt(squares);
  EXPECT_NEAR((total_at(step) - total_at(-step)) / (2 * step), squares, 0.02 * squares);
}

TEST(Learner, ABatchWithoutLabelsMovesNoSigmaButTheSpans) {
  Bench s;
  for (uint8_t& flag : s.dataset.labelled) flag = 0;
  s.recipe.train.weight_decay = 0;
  Learner learner(s.recipe, s.dataset, 1);
  const std::array<double, 4> before{learner.sigma(Task::type), learner.sigma(Task::ptr),
                                     learner.sigma(Task::span), learner.sigma(Task::countdown)};
  for (int step = 0; step < 5; ++step) learner.train_batch(s.all, 1, step);
  EXPECT_EQ(learner.sigma(Task::type), before[0]);
  EXPECT_EQ(learner.sigma(Task::ptr), before[1]);
  EXPECT_NE(learner.sigma(Task::span), before[2]);
  EXPECT_EQ(learner.sigma(Task::countdown), before[3]);
}

TEST(Learner, TaskWeightsAreSharesOfPrecision) {
  Bench s;
  Learner learner(s.recipe, s.dataset, 1);
  const auto weights = learner.task_weights();
  const double pointers = std::exp(0.6);  // 1 / sigma^2 with log sigma = -0.3
  EXPECT_NEAR(weights[1], pointers / (pointers + 3), 1e-6);
  EXPECT_NEAR(weights[0] + weights[1] + weights[2] + weights[3], 1, 1e-9);
  s.recipe.loss.balancing = Balancing::sum;
  s.recipe.loss.tasks = {Task::type, Task::span};
  EXPECT_EQ(Learner(s.recipe, s.dataset, 1).task_weights()[2], 0.5);
}

}  // namespace
}  // namespace spanlab
