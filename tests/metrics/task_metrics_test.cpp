// Type, pointers and countdown on windows that can be counted by hand.
#include "spanlab/metrics/task_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "spanlab/windows/dataset.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Windows of 4 bars; window 3 is not labelled.
Dataset five_windows() {
  Dataset data;
  data.windows = 6;
  data.length = 4;
  data.labelled = {1, 1, 1, 0, 1, 1};
  data.type = {0, 1, 1, 0, 0, 1};
  data.pointers = {.25f, .5f, .5f, .25f, .75f, .5f, 0, 0, .5f, .5f, .25f, .25f};
  data.countdown = {1, 0, -1, -2, 2, 1, 0,  -1, 3, 2,  1,  0,  //
                    0, 0, 0,  0,  1, 0, -1, -2, 0, -1, -2, -3};
  return data;
}

const std::vector<int> kTrain{0, 1, 2}, kTest{3, 5, 4};

TEST(TaskMetrics, CountByHand) {
  const Dataset data = five_windows();
  // Tested: 3 (not labelled: its answers do not matter), 5 (type 1), 4 (type 0).
  const std::vector<float> types{9, 0, 0, 0, 2, 1, 0, 3, 1};
  const std::vector<float> pointers{9, 9, .5f, .5f, .5f, 1};
  const std::vector<float> countdown{9, 9, 9, 9, 1, -1, -2, -3, 0, 0, 0, 0};
  const TaskMetrics m = task_metrics({data, kTrain}, {data, kTest}, {types, pointers, countdown},
                                     CountdownTarget::clipped);
  EXPECT_EQ(m.windows, 2);
  EXPECT_EQ(m.type_accuracy, 0.5);
  EXPECT_EQ(m.type_balanced_accuracy, 0.5);
  EXPECT_EQ(m.type_majority, 0.5);         // always 1
  EXPECT_EQ(m.center_error, 0.5);          // 1 bar and 0 bars
  EXPECT_EQ(m.length_error, 1.5);          // 1 bar and 2 bars
  EXPECT_EQ(m.center_level, 0.5);          // median of 1, 2, 3 bars: 1 off and 0 off
  EXPECT_EQ(m.length_level, 0.5);          // median of 2, 1, 2 bars: 1 off and 0 off
  EXPECT_EQ(m.countdown_error, 5.0 / 8);   // 1 and 1 + 0 + 1 + 2 bars
  EXPECT_EQ(m.countdown_level, 13.0 / 8);  // median 0.5 of -2 -1 -1 0 0 0 1 1 1 2 2 3
}

TEST(TaskMetrics, BalancedAccuracyIsTheMeanOfRecalls) {
  // scikit-learn's balanced_accuracy_score([0, 0, 0, 1, 1], [0, 0, 1, 1, 2]) = 0.58333.
  Dataset data;
  data.windows = 5;
  data.length = 1;
  data.labelled.assign(5, 1);
  data.type = {0, 0, 0, 1, 1};
  data.pointers.assign(10, 0);
  data.countdown.assign(5, 0);
  const std::vector<float> types{1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1};
  const std::vector<int> all{0, 1, 2, 3, 4};
  const TaskMetrics m =
      task_metrics({data, all}, {data, all}, {types, {}, {}}, CountdownTarget::clipped);
  EXPECT_DOUBLE_EQ(m.type_balanced_accuracy, 0.5833333333333333);
  EXPECT_DOUBLE_EQ(m.type_accuracy, 0.6);
  EXPECT_DOUBLE_EQ(m.type_majority, 0.6);
}

TEST(TaskMetrics, TheCountdownIsInBarsWhateverItsUnit) {
  const Dataset bars = five_windows();
  Dataset unit = bars;
  std::vector<float> answer(12, 1), unit_answer;
  for (float& c : unit.countdown) c = (c + 20) / 40;
  for (const float c : answer) unit_answer.push_back((c + 20) / 40);
  const TaskMetrics a =
      task_metrics({bars, kTrain}, {bars, kTest}, {{}, {}, answer}, CountdownTarget::clipped);
  for (const CountdownTarget target : {CountdownTarget::unit, CountdownTarget::masked}) {
    const TaskMetrics b =
        task_metrics({unit, kTrain}, {unit, kTest}, {{}, {}, unit_answer}, target);
    EXPECT_NEAR(a.countdown_error, b.countdown_error, 1e-5);
    EXPECT_NEAR(a.countdown_level, b.countdown_level, 1e-5);
  }
}

TEST(TaskMetrics, OnlyBarsThatCountEnterTheCountdown) {
  Dataset data = five_windows();
  data.countdown_counted.assign(24, 0);
  data.countdown_counted[0] = 1;   // training: 1
  data.countdown_counted[23] = 1;  // window 5: -3
  const std::vector<float> answer{9, 9, 9, 9, 9, 9, 9, -1, 9, 9, 9, 9};
  const TaskMetrics m =
      task_metrics({data, kTrain}, {data, kTest}, {{}, {}, answer}, CountdownTarget::clipped);
  EXPECT_EQ(m.countdown_error, 2);
  EXPECT_EQ(m.countdown_level, 4);
}

TEST(TaskMetrics, WhatIsNotDefinedIsNan) {
  const Dataset data = five_windows();
  const TaskMetrics off = task_metrics({data, kTrain}, {data, kTest}, {}, CountdownTarget::clipped);
  EXPECT_TRUE(std::isnan(off.type_accuracy) && std::isnan(off.type_balanced_accuracy));
  EXPECT_TRUE(std::isnan(off.center_error) && std::isnan(off.length_error));
  EXPECT_TRUE(std::isnan(off.countdown_error));
  EXPECT_EQ(off.type_majority, 0.5);
  EXPECT_EQ(off.countdown_level, 13.0 / 8);

  const std::vector<int> not_labelled{3}, none;
  const std::vector<float> two(2, 0.5f), four(4, 0.0f);
  const TaskMetrics m = task_metrics({data, kTrain}, {data, not_labelled}, {two, two, four},
                                     CountdownTarget::clipped);
  EXPECT_EQ(m.windows, 0);
  for (const double v : {m.type_accuracy, m.type_balanced_accuracy, m.type_majority, m.center_error,
                         m.center_level, m.length_error, m.countdown_error, m.countdown_level}) {
    EXPECT_TRUE(std::isnan(v));
  }
  const TaskMetrics untrained =
      task_metrics({data, none}, {data, kTest}, {}, CountdownTarget::clipped);
  EXPECT_TRUE(std::isnan(untrained.type_majority) && std::isnan(untrained.center_level) &&
              std::isnan(untrained.countdown_level));
}

TEST(TaskMetrics, AnAnswerThatIsNoNumberShows) {
  const Dataset data = five_windows();
  std::vector<float> types(9, 0), pointers(6, 0), countdown(12, 0);
  types[4] = pointers[2] = countdown[5] = kNan;
  const TaskMetrics m = task_metrics({data, kTrain}, {data, kTest}, {types, pointers, countdown},
                                     CountdownTarget::clipped);
  EXPECT_TRUE(std::isnan(m.type_accuracy) && std::isnan(m.center_error) &&
              std::isnan(m.countdown_error));
  EXPECT_FALSE(std::isnan(m.length_error));
}

TEST(TaskMetrics, SizesThatDoNotFitAreErrors) {
  const Dataset data = five_windows();
  const std::vector<float> five(5, 0.0f);
  const std::vector<int> outside{6};
  const auto measure = [&](const TaskOutputs& said) {
    return task_metrics({data, kTrain}, {data, kTest}, said, CountdownTarget::clipped);
  };
  const size_t tested = kTest.size();
  const auto expected = [](size_t values) {
    return "5 values where " + std::to_string(values) + " are expected";
  };
  expect_error([&] { measure({five, {}, {}}); }, {"types: 5 values"});
  expect_error([&] { measure({{}, five, {}}); }, {"pointers", expected(2 * tested).c_str()});
  expect_error([&] { measure({{}, {}, five}); }, {"countdown", expected(4 * tested).c_str()});
  EXPECT_THROW(task_metrics({data, outside}, {data, kTest}, {}, CountdownTarget::clipped), Error);
  EXPECT_THROW(task_metrics({data, kTrain}, {data, outside}, {}, CountdownTarget::clipped), Error);
}

}  // namespace
}  // namespace spanlab
