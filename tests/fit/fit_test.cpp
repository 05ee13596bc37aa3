// Fitting a detector on a small market: what comes out, that it goes on after a stop, and repeats
// to the bit.
#include "spanlab/fit/fit_shared.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "spanlab/detect/detect.h"
#include "tests/evaluate/run_values.h"
#include "tests/expect_error.h"
#include "tests/recipe/former_names.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

FitConfig small_fit(const SmallData& data, const std::string& folder) {
  FitConfig config;
  config.recipe = small_detector_recipe(2);
  config.folder = data.out(folder);
  config.folds = 3;
  config.members = 2;
  config.stride = 5;
  config.delays = {0, 5, 25};
  config.default_delay = 5;
  return config;
}

TEST(Fit, MakesADetectorThatDetects) {
  const SmallData data;
  const FitConfig config = small_fit(data, "fit");
  const auto result = fit_detector(config, data.inputs, Job{.threads = 2});
  const Detector& detector = result.detector;
  EXPECT_EQ(detector.members.size(), 2u);
  EXPECT_NE(detector.members[0], detector.members[1]);
  EXPECT_EQ(detector.inputs.size(), config.recipe.data.features.size());
  EXPECT_EQ(result.windows, 24);  // every window is in one fold
  ASSERT_EQ(detector.delays.size(), 3u);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(detector.delays[i].delay, config.delays[i]);
  EXPECT_FALSE(detector.points.empty());
  EXPECT_EQ(detector.bar_ms, 60'000);
  EXPECT_FALSE(result.test);

  const Detector read = read_detector(detector_file(config.folder));
  const Bars series = data.bars;
  EXPECT_EQ(detect(read, series, 5, {.threads = 1}).detections,
            detect(detector, series, 5, {.threads = 2}).detections);
}

TEST(Fit, GoesOnAfterAStopToTheSameDetector) {
  const SmallData data;
  FitConfig config = small_fit(data, "whole");
  const auto whole = fit_detector(config, data.inputs, Job{.threads = 2});
  config.folder = data.out("stopped");
  std::stop_source stop;
  EXPECT_THROW(fit_detector(config, data.inputs, stopping_at(stop, 3)), Stopped);
  const auto resumed = fit_detector(config, data.inputs, Job{.threads = 2});
  EXPECT_EQ(resumed.detector.members, whole.detector.members);
  EXPECT_EQ(resumed.detector.calibration, whole.detector.calibration);
  EXPECT_EQ(resumed.detector.delays, whole.detector.delays);
  EXPECT_EQ(resumed.threshold, whole.threshold);
}

TEST(Fit, ReplacesNoDetectorOfOtherDataOrAnotherRecipe) {
  const SmallData data;
  FitConfig config = small_fit(data, "fit");
  fit_detector(config, data.inputs, Job{.threads = 2});
  config.stride = 4;  // the same models: its own detector may be replaced
  fit_detector(config, data.inputs, Job{.threads = 2});
  EXPECT_EQ(read_detector(detector_file(config.folder)).stride, 4);
  FitConfig other = config;
  other.recipe.train.rate.peak *= 2;
  expect_error([&] { fit_detector(other, data.inputs, Job{.threads = 2}); },
               {"a detector of another recipe or other data", "another folder"});
  Labelled moved = data.labelled();
  moved.bars.close.back() += 0.25;
  expect_error([&] { fit_detector(config, TrainingData(moved), Job{.threads = 2}); },
               {"other data"});
  EXPECT_EQ(read_detector(detector_file(config.folder)).stride, 4);
}

TEST(Fit, TestsOnAStretchThatItHasNotSeen) {
  const SmallData data;
  FitConfig config = small_fit(data, "fit");
  config.held_out = HeldOut{{{5900, 5905, Direction::up, SpanType::consolidation, 1}}, 5800};
  const auto result = fit_detector(config, data.inputs, Job{.threads = 2});
  ASSERT_TRUE(result.test);
  EXPECT_EQ(result.test->windows, 6);
  EXPECT_EQ(result.test->spans, 1);
  EXPECT_EQ(result.member.size(), static_cast<size_t>(kMetricCount));
}

TEST(Fit, FoldsOfAPurgedRecipeAreBlocksInTime) {
  const SmallData data;
  FitConfig config = small_fit(data, "fit");
  config.recipe.train.epochs = 1;
  config.recipe.split.kind = SplitKind::purged;
  config.folds = 2;
  config.members = 1;
  fit_detector(config, data.inputs, Job{.threads = 2});
  int64_t last_of_block = -1;
  for (int fold = 0; fold < 2; ++fold) {
    const std::string name = "fold-" + std::to_string(fold + 1) + "-";
    const RunEvidence run = gather_run(run_folder(config.folder / "runs", name), 1);
    EXPECT_EQ(run.recipe->split.kind, SplitKind::purged);
    EXPECT_EQ(run.recipe->split.fold, fold);
    std::vector<int64_t> rows;
    for (const int window : run.data->split.validation) {
      rows.push_back(run.data->windows[static_cast<size_t>(window)].first_row);
    }
    EXPECT_EQ(rows.size(), 12u);
    EXPECT_GT(*std::min_element(rows.begin(), rows.end()), last_of_block);
    last_of_block = *std::max_element(rows.begin(), rows.end());
  }
  const RunEvidence member = gather_run(run_folder(config.folder / "runs", "member-1-"), 1);
  EXPECT_EQ(member.recipe->split.kind, SplitKind::grouped);
  EXPECT_EQ(member.data->split.train.size(), 24u);
}

TEST(Fit, AFitFileOfAnEarlierVersionIsRead) {
  const SmallData data;
  FitConfig config = small_fit(data, "fit");
  config.recipe.balancing.rate = 0.5;
  const auto file = data.folder.write("fit.toml", former_text(fit_text(config)));
  FitConfig back;
  read_fit(file, back);
  EXPECT_EQ(fit_text(back), fit_text(config));
}

TEST(Fit, RefusesWhatMakesNoDetector) {
  const SmallData data;
  FitConfig config = small_fit(data, "fit");
  config.delays = {26};
  expect_error([&] { fit_detector(config, data.inputs, Job{.threads = 2}); },
               {"26 bars does not fit", "longest delay is 25"});
  config = small_fit(data, "fit");
  config.default_delay = 7;
  expect_error([&] { fit_detector(config, data.inputs, Job{.threads = 2}); },
               {"is not one of the delays", "add it to fit.delays"});
  config = small_fit(data, "fit");
  config.recipe.loss.tasks = {Task::type};
  expect_error([&] { fit_detector(config, data.inputs, Job{.threads = 2}); },
               {"needs the span task", "loss.tasks"});
  EXPECT_FALSE(std::filesystem::exists(config.folder));
}

}  // namespace
}  // namespace spanlab
