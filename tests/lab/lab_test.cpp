// A whole lab on a small market: what it runs, that it can be stopped, and that it repeats nothing.
#include "spanlab/lab/lab.h"

#include <gtest/gtest.h>

#include <map>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/file.h"
#include "spanlab/lab/compare.h"
#include "tests/expect_error.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

LabConfig small_lab(const SmallData& data, const std::string& folder) {
  LabConfig config;
  config.base = small_recipe(2);
  config.inputs = data.inputs;
  config.folder = data.out(folder);
  config.repetitions = 2;
  config.proposals = 1;
  config.threads = 2;
  return config;
}

std::map<std::string, fs::file_time_type> times_of(const fs::path& folder) {
  std::map<std::string, fs::file_time_type> times;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".safetensors") {
      times[entry.path().string()] = entry.last_write_time();
    }
  }
  return times;
}

TEST(Lab, ComparesRecipesAndRepeatsNothing) {
  const SmallData data;
  const LabConfig config = small_lab(data, "lab");
  const auto result = run_lab(config, {});
  ASSERT_TRUE(result);
  ASSERT_GE(result->recipes.size(), 5u);
  EXPECT_EQ(result->recipes[0].experiment.name, "baseline");
  EXPECT_TRUE(result->recipes[0].difference.empty());
  for (const RecipeResult& recipe : result->recipes) {
    EXPECT_EQ(recipe.runs.size(), 2u);
    EXPECT_EQ(recipe.metrics.size(), static_cast<size_t>(kMetricCount));
    EXPECT_EQ(recipe.recipe.split.kind, SplitKind::grouped);
  }
  EXPECT_FALSE(result->findings.empty());
  EXPECT_FALSE(result->path.leading.empty());

  const auto before = times_of(config.folder);
  const auto again = run_lab(config, {});
  ASSERT_TRUE(again);
  EXPECT_EQ(times_of(config.folder), before);
}

TEST(Lab, GoesOnAfterAStopToTheSameResult) {
  const SmallData data;
  LabConfig config = small_lab(data, "whole");
  config.threads = 1;
  const auto whole = run_lab(config, {});
  ASSERT_TRUE(whole);

  config.folder = data.out("stopped");
  int asked = 0;
  LabHooks hooks;
  hooks.runs.stop_requested = [&] { return ++asked > 25; };
  EXPECT_FALSE(run_lab(config, hooks));
  const auto resumed = run_lab(config, {});
  ASSERT_TRUE(resumed);
  ASSERT_EQ(resumed->recipes.size(), whole->recipes.size());
  for (size_t i = 0; i < whole->recipes.size(); ++i) {
    EXPECT_EQ(resumed->recipes[i].metrics[0].value, whole->recipes[i].metrics[0].value) << i;
    EXPECT_EQ(resumed->recipes[i].metrics[0].low, whole->recipes[i].metrics[0].low) << i;
    EXPECT_EQ(resumed->recipes[i].verdict, whole->recipes[i].verdict) << i;
  }
}

TEST(Lab, RunsSideBySideGiveTheBitsOfRunsAlone) {
  const SmallData data;
  const LabConfig config = small_lab(data, "lab");
  const std::vector<LabRun> runs = runs_of(config, {"baseline", {}, ""}, "hash");
  ASSERT_TRUE(train_runs(runs, config.inputs, 2, {}));
  for (const LabRun& run : runs) {
    const RunResult alone =
        train_run(run.recipe, config.inputs, data.out("alone" + std::to_string(run.repetition)),
                  with_threads(1));
    EXPECT_EQ(read_metadata(run.folder / "metadata.json").weights_hash, alone.weights_hash);
  }
}

TEST(Lab, FolderNamesFollowTheRecipe) {
  const SmallData data;
  LabConfig config = small_lab(data, "lab");
  const std::string hash = hash_of_inputs(config.inputs);
  const auto name = [&](const LabConfig& c) {
    return runs_of(c, {"baseline", {}, ""}, hash)[0].folder.filename().string();
  };
  const std::string first = name(config);
  EXPECT_EQ(name(config), first);
  config.base.train.epochs += 1;
  EXPECT_NE(name(config), first);
  EXPECT_EQ(hash_of_inputs(data.inputs), hash);
  std::vector<Window> windows = data.windows;
  windows.pop_back();
  write_windows(data.inputs.windows, windows);
  EXPECT_NE(hash_of_inputs(data.inputs), hash);
}

TEST(Lab, WeightsToStartFromAreAnInput) {
  const SmallData data(4);
  RunInputs inputs = data.inputs;
  const std::string without = hash_of_inputs(inputs);
  inputs.start = data.folder.write("weights", "one");
  const std::string one = hash_of_inputs(inputs);
  EXPECT_NE(one, without);
  data.folder.write("weights", "two");
  EXPECT_NE(hash_of_inputs(inputs), one);
}

TEST(Lab, AnErrorInARunIsReported) {
  const SmallData data;
  LabConfig config = small_lab(data, "lab");
  config.inputs.windows = data.out("missing.csv");
  expect_error([&] { run_lab(config, {}); }, {"missing.csv"});
  config = small_lab(data, "lab");
  config.base.loss.tasks = {Task::type};
  expect_error([&] { run_lab(config, {}); }, {"span task"});
}

TEST(Compare, PairsRunsOnTheSameWindowsAndWarnsOfOthers) {
  const SmallData data;
  Recipe recipe = small_recipe(2);
  recipe.split.kind = SplitKind::grouped;
  train_run(recipe, data.inputs, data.out("a"), with_threads(1));
  recipe.train.learning_rate = 0.01;
  train_run(recipe, data.inputs, data.out("b"), with_threads(1));
  recipe.split.seed += 1;
  train_run(recipe, data.inputs, data.out("c"), with_threads(1));

  const RunComparison same = compare_runs({data.out("a"), data.out("b")}, {}, 1);
  ASSERT_EQ(same.settings.size(), 1u);
  EXPECT_EQ(same.settings[0].name, "train.learning_rate");
  EXPECT_TRUE(same.warnings.empty());
  EXPECT_FALSE(same.difference[1].empty());

  const RunComparison other = compare_runs({data.out("a"), data.out("c")}, {}, 1);
  ASSERT_EQ(other.warnings.size(), 1u);
  EXPECT_NE(other.warnings[0].find("validate on other windows"), std::string::npos);
  EXPECT_TRUE(other.difference[1].empty());
}

}  // namespace
}  // namespace spanlab
