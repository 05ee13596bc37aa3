// The runs of an experiment: their seeds, splits, recordings and folders.
#include <gtest/gtest.h>

#include "spanlab/lab/lab_runs.h"

namespace spanlab {
namespace {

LabConfig config_with(int repetitions, int folds) {
  LabConfig config;
  config.base.train.seed = 100;
  config.base.split.seed = 40;
  config.base.split.kind = SplitKind::random;
  config.base.record.diagnostics_every = 10;
  config.folder = "lab";
  config.repetitions = repetitions;
  config.folds = folds;
  return config;
}

const Experiment kLonger{"longer", {"train.epochs=20"}, "why not"};

/// Data that differ with the text.
TrainingData data_named(const std::string& text) {
  return {Labelled{}, {text, "weights"}};
}

TEST(RunsOf, GroupedSplitsHaveASeedEach) {
  const std::vector<LabRun> runs = runs_of(config_with(3, 0), kLonger, data_named("hash"));
  ASSERT_EQ(runs.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    const LabRun& run = runs[static_cast<size_t>(i)];
    EXPECT_EQ(run.experiment, "longer");
    EXPECT_EQ(run.repetition, i);
    EXPECT_EQ(run.recipe.train.epochs, 20);
    EXPECT_EQ(run.recipe.train.seed, 100 + i);
    EXPECT_EQ(run.recipe.split.kind, SplitKind::grouped);
    EXPECT_EQ(run.recipe.split.seed, 40 + i);
    EXPECT_EQ(run.recipe.record.diagnostics_every, i == 0 ? 10 : 0);
    const std::string name = run_folder_name("longer", i, run.recipe, data_named("hash"));
    EXPECT_EQ(run.folder, std::filesystem::path("lab") / "runs" / name);
    EXPECT_TRUE(name.starts_with("longer-" + std::to_string(i + 1) + "-"));
    EXPECT_EQ(name.size(), std::string("longer-1-").size() + 8);
  }
}

TEST(RunsOf, FoldsAreTakenInTurnAndDrawnAnewAfterTheLast) {
  const std::vector<LabRun> runs = runs_of(config_with(5, 2), kLonger, data_named("hash"));
  ASSERT_EQ(runs.size(), 5u);
  for (int i = 0; i < 5; ++i) {
    const Recipe& recipe = runs[static_cast<size_t>(i)].recipe;
    EXPECT_EQ(recipe.split.kind, SplitKind::kfold);
    EXPECT_EQ(recipe.split.folds, 2);
    EXPECT_EQ(recipe.split.fold, i % 2);
    EXPECT_EQ(recipe.split.seed, 40 + i / 2);
    EXPECT_EQ(recipe.train.seed, 100 + i);
  }
}

TEST(RunsOf, EveryRecipeMeetsTheSameSplitsAndSeeds) {
  const LabConfig config = config_with(3, 0);
  const std::vector<LabRun> baseline = runs_of(config, {kBaseline, {}, ""}, data_named("hash"));
  const std::vector<LabRun> longer = runs_of(config, kLonger, data_named("hash"));
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(baseline[i].recipe.train.seed, longer[i].recipe.train.seed);
    EXPECT_EQ(baseline[i].recipe.split.seed, longer[i].recipe.split.seed);
    EXPECT_NE(baseline[i].folder, longer[i].folder);
  }
}

TEST(RunsOf, OtherInputsGiveOtherFolders) {
  const LabConfig config = config_with(1, 0);
  EXPECT_NE(runs_of(config, kLonger, data_named("one"))[0].folder,
            runs_of(config, kLonger, data_named("two"))[0].folder);
}

TEST(VerdictMetric, IsAveragePrecision) {
  EXPECT_EQ(kVerdictMetric, Metric::average_precision);
}

}  // namespace
}  // namespace spanlab
