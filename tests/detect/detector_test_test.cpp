// A detector's figures on known spans: those of its bars, cut into windows side by side.
#include "spanlab/detect/detector_test.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/detect/small_detector.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

class DetectorTestOnSpans : public ::testing::Test {
 protected:
  DetectorTestOnSpans() {
    detector_.delays[1].threshold = 0.625;
    for (const Span& span : spans_) {
      for (int64_t row = span.start_row; row <= span.end_row; ++row) at(row) = 0.75f;
    }
  }
  float& at(int64_t row) { return probability_[static_cast<size_t>(row)]; }
  Evaluation test(int64_t first_row = 4) const {
    return test_detector(detector_, series_, spans_, first_row, 4, probability_);
  }
  static double of(const Evaluation& test, Metric metric) {
    return test.model.metrics[static_cast<size_t>(metric)].value;
  }

  Detector detector_ = small_detector();
  // 130 bars from row 4 on hold 10 windows: rows 4 .. 75 and, behind the gap, 80 .. 127.
  Bars series_ = walk(130, {80});
  std::vector<Span> spans_{{1, 2, Direction::up, SpanType::consolidation, 0},
                           {10, 13, Direction::up, SpanType::consolidation, 0},
                           {26, 29, Direction::down, SpanType::retracement, 0},  // in two windows
                           {74, 78, Direction::up, SpanType::consolidation, 0},  // two bars show
                           {100, 103, Direction::up, SpanType::consolidation, 0}};
  std::vector<float> probability_ = std::vector<float>(130, 0.25f);
};

TEST_F(DetectorTestOnSpans, APerfectDetectorIsPerfect) {
  const Evaluation result = test();
  EXPECT_EQ(result.first_row, 4);
  EXPECT_EQ(result.windows, 10);
  EXPECT_EQ(result.spans, 5);
  EXPECT_DOUBLE_EQ(result.base_rate(), (4 + 4 + 2 + 4) / 120.0);
  EXPECT_EQ(result.model.threshold, 0.625);
  EXPECT_EQ(result.groups, 10);  // each is a group of its own
  EXPECT_EQ(result.tested_on, "a held-out stretch, from row 4 of the bars on");
  EXPECT_TRUE(result.trivial.empty());
  EXPECT_TRUE(std::isnan(result.tasks.center_error) && std::isnan(result.chance.hit3));
  ASSERT_EQ(result.model.metrics.size(), static_cast<size_t>(kMetricCount));
  for (const Metric metric :
       {Metric::average_precision, Metric::auroc, Metric::f1, Metric::segment_f1_50}) {
    EXPECT_EQ(of(result, metric), 1);
  }
  EXPECT_NEAR(of(result, Metric::brier), 0.0625, 1e-12);
}

TEST_F(DetectorTestOnSpans, BarsThatAreInNoWindowDoNotCount) {
  const Evaluation before = test();
  for (const int64_t row : {0, 3, 76, 79, 128, 129}) at(row) = 1 - at(row);
  const Evaluation after = test();
  for (size_t m = 0; m < before.model.metrics.size(); ++m) {
    EXPECT_EQ(std::isnan(after.model.metrics[m].value), std::isnan(before.model.metrics[m].value));
    if (!std::isnan(before.model.metrics[m].value)) {
      EXPECT_EQ(after.model.metrics[m].value, before.model.metrics[m].value)
          << metric_table()[m].name;
    }
  }
}

TEST_F(DetectorTestOnSpans, WrongBarsCountAtTheThresholdOfTheDelay) {
  at(50) = 0.625f;  // at the threshold: found, and wrong
  at(51) = 0.62f;   // below it
  at(101) = 0.5f;   // missed
  const Evaluation result = test();
  EXPECT_DOUBLE_EQ(of(result, Metric::precision), 13 / 14.0);
  EXPECT_DOUBLE_EQ(of(result, Metric::recall), 13 / 14.0);
  const Interval recall = result.model.metrics[static_cast<size_t>(Metric::recall)];
  EXPECT_LT(recall.low, recall.value);  // windows are drawn one by one
  EXPECT_GE(recall.high, recall.value);
}

TEST_F(DetectorTestOnSpans, WhereNothingWasSaidNothingWasFound) {
  at(11) = std::nanf("");
  at(60) = std::nanf("");
  const Evaluation result = test();
  EXPECT_DOUBLE_EQ(of(result, Metric::recall), 13 / 14.0);
  EXPECT_EQ(of(result, Metric::precision), 1);
}

TEST_F(DetectorTestOnSpans, Refusals) {
  expect_error([&] { test(125); }, {"window"});
  expect_error([&] { test(130); }, {"130"});
  expect_error([&] { test_detector(detector_, series_, spans_, 4, 5, probability_); },
               {"delay of 5"});
}

}  // namespace
}  // namespace spanlab
