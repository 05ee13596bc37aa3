// A whole lab on a small market: what it runs, that it can be stopped, and that it repeats nothing.
#include "spanlab/lab/lab_runs.h"

#include <gtest/gtest.h>

#include <map>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/file.h"
#include "spanlab/evaluate/compare.h"
#include "tests/expect_error.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

LabConfig small_lab(const SmallData& data, const std::string& folder) {
  LabConfig config;
  config.base = small_recipe(2);
  config.folder = data.out(folder);
  config.repetitions = 2;
  config.proposals = 1;
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
  const auto result = run_lab(config, data.inputs, Job{.threads = 2});
  ASSERT_GE(result.recipes.size(), 5u);
  EXPECT_EQ(result.recipes[0].experiment.name, "baseline");
  EXPECT_TRUE(result.recipes[0].difference.empty());
  for (const RecipeResult& recipe : result.recipes) {
    EXPECT_EQ(recipe.runs.size(), 2u);
    EXPECT_EQ(recipe.metrics.size(), static_cast<size_t>(kMetricCount));
    EXPECT_EQ(recipe.recipe.split.kind, SplitKind::grouped);
  }
  EXPECT_FALSE(result.findings.empty());
  EXPECT_FALSE(result.path.leading.empty());

  const auto before = times_of(config.folder);
  const auto again = run_lab(config, data.inputs, Job{.threads = 2});
  EXPECT_EQ(times_of(config.folder), before);
}

TEST(Lab, GoesOnAfterAStopToTheSameResult) {
  const SmallData data;
  LabConfig config = small_lab(data, "whole");
  const auto whole = run_lab(config, data.inputs, Job{.threads = 2});

  config.folder = data.out("stopped");
  std::stop_source stop;
  EXPECT_THROW(run_lab(config, data.inputs, stopping_at(stop, 3)), Stopped);
  const auto resumed = run_lab(config, data.inputs, Job{.threads = 2});
  ASSERT_EQ(resumed.recipes.size(), whole.recipes.size());
  for (size_t i = 0; i < whole.recipes.size(); ++i) {
    EXPECT_EQ(resumed.recipes[i].metrics[0].value, whole.recipes[i].metrics[0].value) << i;
    EXPECT_EQ(resumed.recipes[i].metrics[0].low, whole.recipes[i].metrics[0].low) << i;
    EXPECT_EQ(resumed.recipes[i].verdict, whole.recipes[i].verdict) << i;
  }
}

TEST(Lab, RunsSideBySideGiveTheBitsOfRunsAlone) {
  const SmallData data;
  const LabConfig config = small_lab(data, "lab");
  const std::vector<LabRun> runs = runs_of(config, {"baseline", {}, ""}, data.inputs);
  train_runs(runs, data.inputs, "test", {.threads = 2});
  for (const LabRun& run : runs) {
    const RunResult alone =
        train_run(run.recipe, data.inputs, data.out("alone" + std::to_string(run.repetition)),
                  with_threads(1));
    EXPECT_EQ(read_metadata(run.folder / "metadata.json").weights_hash, alone.weights_hash);
  }
}

TEST(Lab, AStopCountsWhatIsDoneWhoeverDidIt) {
  const SmallData data;
  const std::vector<LabRun> runs =
      runs_of(small_lab(data, "lab"), {"baseline", {}, ""}, data.inputs);
  ASSERT_EQ(runs.size(), 2u);
  train_run(runs[1].recipe, data.inputs, runs[1].folder, with_threads(1));
  std::stop_source stop;
  Job job{.threads = 1, .stop = stop.get_token()};
  const auto message = [&] {
    try {
      train_runs(runs, data.inputs, "test", job);
    } catch (const Stopped& stopped) {
      return std::string(stopped.what());
    }
    return std::string("not stopped");
  };
  stop.request_stop();
  EXPECT_EQ(message(), "stopped: 1 of 2 runs are done");
  train_run(runs[0].recipe, data.inputs, runs[0].folder, with_threads(1));
  EXPECT_EQ(message(), "not stopped");
}

TEST(Lab, FolderNamesFollowRecipeAndData) {
  SmallData data;
  LabConfig config = small_lab(data, "lab");
  const auto name = [&](const TrainingData& inputs) {
    return runs_of(config, {"baseline", {}, ""}, inputs)[0].folder.filename().string();
  };
  const std::string first = name(data.inputs);
  EXPECT_EQ(name(TrainingData(data.labelled())), first);
  EXPECT_NE(name({data.labelled(), {"weights", "file"}}), first);
  config.base.train.epochs += 1;
  EXPECT_NE(name(data.inputs), first);
  config.base.train.epochs -= 1;
  data.windows.pop_back();
  data.rewrite();
  EXPECT_NE(name(data.inputs), first);
}

TEST(Lab, AnErrorInARunIsReported) {
  SmallData data;
  LabConfig config = small_lab(data, "lab");
  data.windows[5].first_row = 1'000'000;
  data.rewrite();
  expect_error([&] { run_lab(config, data.inputs, Job{.threads = 2}); }, {"window \"5\""});
  config.base.loss.tasks = {Task::type};
  expect_error([&] { run_lab(config, data.inputs, Job{.threads = 2}); }, {"span task"});
}

TEST(Compare, PairsRunsOnTheSameWindowsAndWarnsOfOthers) {
  const SmallData data;
  Recipe recipe = small_recipe(2);
  recipe.split.kind = SplitKind::grouped;
  train_run(recipe, data.inputs, data.out("a"), with_threads(1));
  recipe.train.rate.peak = 0.01;
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
  EXPECT_NE(other.warnings[0].find("validate on different windows"), std::string::npos);
  EXPECT_TRUE(other.difference[1].empty());
}

}  // namespace
}  // namespace spanlab
