// Bars that differ from those of training are warned of with their numbers; bars that do not, are
// not.
#include "spanlab/detect/detect.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/detect/replay.h"
#include "spanlab/features/pipeline.h"
#include "tests/detect/small_detector.h"

namespace spanlab {
namespace {

/// A small detector that was trained on these bars.
Detector trained_on(const Bars& series) {
  Detector detector = small_detector();
  const auto rows = static_cast<size_t>(series.size());
  std::vector<float> all(rows * kFeatureCount);
  compute_features(series, {0, series.size()}, detector.recipe.data.window, all.data());
  detector.inputs.clear();
  for (const int feature : feature_indices(detector.recipe.data.features)) {
    std::vector<double> values;
    for (size_t row = 0; row < rows; ++row) {
      values.push_back(
          static_cast<double>(all[row * kFeatureCount + static_cast<size_t>(feature)]));
    }
    double mean = 0, square = 0;
    for (const double v : values) mean += v / static_cast<double>(rows);
    for (const double v : values) square += (v - mean) * (v - mean) / static_cast<double>(rows);
    detector.inputs.push_back({mean, std::sqrt(square)});
  }
  return detector;
}

std::vector<std::string> warnings_of(const Detector& detector, const Bars& series) {
  return input_warnings(detector, series, detect(detector, series, 4, {.threads = 1}).inputs);
}

void expect_one(const std::vector<std::string>& warnings, const std::string& part) {
  ASSERT_EQ(warnings.size(), 1u) << (warnings.empty() ? "none" : warnings.back());
  EXPECT_NE(warnings[0].find(part), std::string::npos) << warnings[0];
}

class InputCheck : public ::testing::Test {
 protected:
  Bars series_ = walk(300, {140});
  Detector detector_ = trained_on(series_);
};

TEST_F(InputCheck, BarsOfTrainingAreFine) {
  EXPECT_TRUE(warnings_of(detector_, series_).empty());
  // Others of the same market too.
  EXPECT_TRUE(warnings_of(detector_, walk(200)).empty());
}

// Features that windows restart are compared as they run on, so that bars are counted once.
TEST_F(InputCheck, BothModesSeeTheSame) {
  const SeenInputs restarted = detect(detector_, series_, 4).inputs;
  detector_.recipe.data.feature_mode = FeatureMode::continuous;
  const SeenInputs passing = detect(detector_, series_, 4).inputs;
  EXPECT_EQ(restarted.sum, passing.sum);
  EXPECT_EQ(restarted.squares, passing.squares);
  const SeenInputs replayed = replay(detector_, series_, 4, 0).inputs;
  EXPECT_EQ(replayed.sum, passing.sum);
  EXPECT_EQ(replayed.squares, passing.squares);
  EXPECT_EQ(replayed.silent, passing.silent);
}

TEST_F(InputCheck, NamesAnotherLengthOfABar) {
  detector_.bar_ms = 300'000;
  expect_one(warnings_of(detector_, series_),
             "60 s long, the detector was trained on bars of 300 s");
  detector_.bar_ms = 0;  // unknown
  EXPECT_TRUE(warnings_of(detector_, series_).empty());
}

TEST_F(InputCheck, NamesAFeatureWhoseMeanIsAway) {
  const InputScale trained = detector_.inputs[1];
  for (const double side : {-1.0, 1.0}) {
    detector_.inputs[1].mean = trained.mean + side * 0.99 * trained.deviation;
    EXPECT_TRUE(warnings_of(detector_, series_).empty());
    detector_.inputs[1].mean = trained.mean + side * 1.01 * trained.deviation;
    expect_one(warnings_of(detector_, series_), "feature body_pct has ");
  }
}

TEST_F(InputCheck, NamesAFeatureWhoseDeviationIsAnother) {
  const InputScale trained = detector_.inputs[2];
  for (const double fine : {0.51, 1.99}) {
    detector_.inputs[2].deviation = fine * trained.deviation;
    EXPECT_TRUE(warnings_of(detector_, series_).empty());
  }
  for (const double other : {0.49, 2.01}) {
    detector_.inputs[2].deviation = other * trained.deviation;
    expect_one(warnings_of(detector_, series_), "feature range_z has ");
  }
}

TEST_F(InputCheck, TellsTheNumbersOfBoth) {
  // Bars that close at their high, three quarters of the range above the open.
  Bars series;
  for (int row = 0; row < 20; ++row) {
    series.time_ms.push_back(row * 60'000);
    series.open.push_back(101);
    series.high.push_back(104);
    series.low.push_back(100);
    series.close.push_back(104);
  }
  series.bar_ms = 60'000;
  Detector detector = small_detector();
  detector.recipe.data.features = {"body_pct"};
  detector.inputs = {{-0.5, 0.25}};
  expect_one(warnings_of(detector, series),
             "feature body_pct has mean 0.75 and standard deviation 0; in training they were -0.5 "
             "and 0.25");
}

TEST_F(InputCheck, APlaceInTheWindowMeansNothing) {
  detector_.recipe.data.features[0] = "position_encoding";
  detector_.inputs[0] = {100, 1e-3};
  EXPECT_TRUE(warnings_of(detector_, series_).empty());
}

// As in a market that never moved: what does not vary here nor there is no difference.
TEST_F(InputCheck, AFeatureThatNeverVariesFitsOneThatNeverDid) {
  Bars series = walk(200);
  for (size_t row = 0; row < 200; ++row) {
    series.open[row] = series.low[row];
    series.high[row] = series.low[row] + 3;
    series.close[row] = series.low[row] + 1;
  }
  Detector detector = trained_on(series);
  ASSERT_LT(detector.inputs[0].deviation, 1e-6);
  detector.inputs[0] = {static_cast<double>(static_cast<float>(1.0 / 3)), 0};
  EXPECT_TRUE(warnings_of(detector, series).empty());
  detector.inputs[0].mean = 0.3;
  expect_one(warnings_of(detector, series), "close_norm has mean 0.333");
}

TEST_F(InputCheck, CountsBarsOfWhichNothingIsSaid) {
  // Stretches of 100, 11, 12, 7 and 70 bars, windows of 12.
  const Bars series = walk(200, {100, 111, 123, 130});
  expect_one(warnings_of(trained_on(series), series),
             "18 of 200 bars lie between gaps, in stretches shorter than a window of 12 bars");
  const Bars few = walk(11);
  expect_one(warnings_of(trained_on(few), few), "11 of 11 bars");
  EXPECT_TRUE(warnings_of(detector_, Bars{}).empty());
}

TEST_F(InputCheck, EachDifferenceIsASentence) {
  detector_.bar_ms = 1000;
  detector_.inputs[0].mean += 5;
  detector_.inputs[3].deviation *= 3;
  const std::vector<std::string> warnings = warnings_of(detector_, prefix(series_, 145));
  ASSERT_EQ(warnings.size(), 4u);
  EXPECT_TRUE(warnings[1].starts_with("feature close_norm has "));
  EXPECT_TRUE(warnings[2].starts_with("feature dist_to_prev_SH has "));
  EXPECT_TRUE(warnings[3].starts_with("5 of 145 bars"));
}

}  // namespace
}  // namespace spanlab
