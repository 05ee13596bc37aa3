// The loop where a run does not show it: losses that are NaN or infinite, files between
// checkpoints.
#include "spanlab/train/loop.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/train/small_run.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

struct Loop {
  SmallData data{10};
  Recipe recipe = small_recipe(4);
  Dataset dataset =
      build_dataset(data.bars, data.windows, recipe.data, recipe.loss.countdown_target);
  Split split = split_windows(data.windows, 30, {SplitKind::random, 0.2, 42});
  Learner learner{recipe, dataset, split.train, 1};
  RunFolder folder = RunFolder::create(data.out("run"));

  LoopResult run(const LoopHooks& hooks = {}) {
    std::vector<std::string> names;
    for (const Parameter& p : learner.table().entries()) names.push_back(p.name);
    RunTables tables(folder, names, recipe.record.diagnostics_every > 0);
    return train_loop(recipe, dataset, split, folder, learner, tables, {}, hooks);
  }
};

TEST(Loop, ALossThatIsNotANumberIsReportedAndNeverTheBest) {
  Loop loop;
  loop.learner.state().parameters[0] = std::nanf("");
  const LoopResult result = loop.run();
  EXPECT_EQ(result.progress.first_bad_epoch, 1);
  EXPECT_EQ(result.progress.epoch, 4);
  EXPECT_EQ(result.progress.best_epoch, 0);
  EXPECT_FALSE(fs::exists(loop.folder.best_model()));
}

TEST(Loop, ReportsEveryEpochOnce) {
  Loop loop;
  std::vector<int> epochs;
  LoopHooks hooks;
  hooks.on_epoch = [&](const EpochReport& report) {
    epochs.push_back(report.epoch);
    ASSERT_TRUE(report.validation.has_value());
    const auto& v = *report.validation;
    EXPECT_NEAR(v.loss, *v.task[0] + *v.task[1] + *v.task[2] + *v.task[3], 1e-9);
    EXPECT_NEAR(report.weights[0] + report.weights[1] + report.weights[2] + report.weights[3], 1,
                1e-9);
  };
  const LoopResult result = loop.run(hooks);
  EXPECT_EQ(epochs, (std::vector<int>{1, 2, 3, 4}));
  EXPECT_EQ(result.progress.first_bad_epoch, 0);
}

TEST(Loop, TheBestModelIsThatOfTheLowestValidationLoss) {
  Loop loop;
  double lowest = HUGE_VAL;
  int best = 0;
  LoopHooks hooks;
  hooks.on_epoch = [&](const EpochReport& report) {
    if (report.validation->loss < lowest) {
      lowest = report.validation->loss;
      best = report.epoch;
    }
  };
  const LoopResult result = loop.run(hooks);
  EXPECT_EQ(result.progress.best_epoch, best);
  EXPECT_EQ(result.progress.best_loss, lowest);
  EXPECT_TRUE(fs::exists(loop.folder.best_model()));
}

}  // namespace
}  // namespace spanlab
