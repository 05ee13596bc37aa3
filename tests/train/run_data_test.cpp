// What a recipe makes of its input files.
#include "spanlab/train/run_data.h"

#include <gtest/gtest.h>

#include "tests/expect_error.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

TEST(RunData, KeepsBarsWindowsAndSplit) {
  const SmallData data;
  const Recipe recipe = small_recipe();
  const RunData run = read_run_data(recipe, data.inputs);
  EXPECT_EQ(run.series.size(), 6000u);
  EXPECT_EQ(run.windows.size(), data.windows.size());
  EXPECT_EQ(run.dataset.windows, 24);
  EXPECT_EQ(run.split.train.size() + run.split.validation.size(), 24u);
  EXPECT_EQ(run.bar_faults, 0);
}

TEST(RunData, TheHashIsOfWhatTrainingSees) {
  SmallData data;
  Recipe recipe = small_recipe();
  const std::string hash = read_run_data(recipe, data.inputs).hash;
  recipe.train.seed = 9;
  recipe.train.learning_rate = 0.5;
  EXPECT_EQ(read_run_data(recipe, data.inputs).hash, hash);
  recipe.split.seed = 9;
  EXPECT_NE(read_run_data(recipe, data.inputs).hash, hash);
  recipe = small_recipe();
  recipe.loss.countdown_target = CountdownTarget::unit;
  const std::string unit = read_run_data(recipe, data.inputs).hash;
  EXPECT_NE(unit, hash);
  recipe.loss.countdown_target = CountdownTarget::masked;
  EXPECT_NE(read_run_data(recipe, data.inputs).hash, unit);
  data.windows[3].first_row += 1;
  data.rewrite();
  EXPECT_NE(read_run_data(small_recipe(), data.inputs).hash, hash);
}

TEST(RunData, NothingToLearnIsAnError) {
  SmallData data(4);
  for (Window& window : data.windows) {
    window.spans.clear();
    window.visible_fraction = 0;
  }
  data.rewrite();
  Recipe recipe = small_recipe();
  recipe.loss.tasks = {Task::type, Task::countdown};
  expect_error([&] { read_run_data(recipe, data.inputs); },
               {"windows.csv", "no training window holds a labelled span", "loss.tasks"});
}

}  // namespace
}  // namespace spanlab
