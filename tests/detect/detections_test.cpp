// Runs of bars become detections, and those of a series are the same however it arrives.
#include "spanlab/detect/detect.h"
#include "spanlab/detect/detection_builder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "spanlab/bars/bars.h"
#include "tests/detect/small_detector.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

DecidedBar bar(int64_t row, float probability, double close = 100, double close_before = 100,
               bool begins_stretch = false) {
  return {
      row,          {.time_ms = row * 60'000, .open = 99, .high = 200, .low = 1, .close = close},
      close_before, probability,
      row + 5,      begins_stretch,
      false};
}

std::vector<Detection> build(const std::vector<DecidedBar>& bars, double threshold, int shortest,
                             int64_t end_at = 1000) {
  std::vector<Detection> found;
  DetectionBuilder builder(threshold, shortest,
                           [&](const Detection& detection) { found.push_back(detection); });
  for (const DecidedBar& b : bars) builder.add(b);
  builder.end(end_at);
  return found;
}

TEST(DetectionBuilder, FindsMaximalRunsAtTheThreshold) {
  const std::vector<DecidedBar> bars{bar(7, 0.1f), bar(8, 0.5f),  bar(9, 0.75f),
                                     bar(10, 1),   bar(11, 0.2f), bar(12, 0.5f)};
  const std::vector<Detection> found = build(bars, 0.5, 1);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].start_row, 8);
  EXPECT_EQ(found[0].end_row, 10);
  EXPECT_EQ(found[0].first_ms, 480'000);
  EXPECT_EQ(found[0].last_ms, 600'000);
  EXPECT_EQ(found[0].confidence, 0.75);
  EXPECT_EQ(found[0].known_at, 16);  // when bar 11 was decided
  EXPECT_TRUE(found[0].committed);
  EXPECT_EQ(found[1].start_row, 12);
  EXPECT_EQ(found[1].end_row, 12);
  EXPECT_EQ(found[1].known_at, 1000);
}

TEST(DetectionBuilder, ShortRunsAreNone) {
  std::vector<DecidedBar> bars;
  for (int64_t row = 0; row < 30; ++row) {  // runs of 1, 2, 3, ... bars
    bars.push_back(bar(row, row == 1 || row == 4 || row == 8 || row == 13 ? 0.0f : 0.9f));
  }
  EXPECT_EQ(build(bars, 0.5, 1).size(), 5u);
  EXPECT_EQ(build(bars, 0.5, 2).size(), 4u);
  EXPECT_EQ(build(bars, 0.5, 3).size(), 3u);
  EXPECT_EQ(build(bars, 0.5, 4).size(), 2u);
  EXPECT_EQ(build(bars, 0.5, 17).size(), 0u);
  EXPECT_TRUE(build({}, 0.5, 1).empty());
}

TEST(DetectionBuilder, ARunEndsWithItsStretch) {
  const std::vector<Detection> found =
      build({bar(3, 1), bar(4, 1), bar(5, 1, 100, 99, true), bar(6, 1)}, 0.5, 2);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].end_row, 4);
  EXPECT_EQ(found[0].known_at, 10);
  EXPECT_EQ(found[1].start_row, 5);
}

TEST(DetectionBuilder, ARunEndsWithTheLastBarOfItsStretch) {
  std::vector<DecidedBar> bars{bar(3, 1), bar(4, 1)};
  bars[1].ends_stretch = true;
  const std::vector<Detection> found = build(bars, 0.5, 2);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].known_at, 9);
}

TEST(DetectionBuilder, ACopyGoesOnForSomebodyElse) {
  std::vector<Detection> here, there;
  DetectionBuilder builder(0.5, 1, [&](const Detection& d) { here.push_back(d); });
  builder.add(bar(1, 1));
  DetectionBuilder other = builder.continued([&](const Detection& d) { there.push_back(d); });
  other.add(bar(2, 1));
  other.end(50);
  builder.add(bar(2, 0));
  ASSERT_EQ(here.size(), 1u);
  ASSERT_EQ(there.size(), 1u);
  EXPECT_EQ(here[0].end_row, 1);
  EXPECT_EQ(there[0].end_row, 2);
}

TEST(DetectionBuilder, DirectionIsFromTheCloseBeforeToTheLastClose) {
  const auto direction = [](double before, double last) {
    return build({bar(1, 1, 150, before), bar(2, 1, last, 150)}, 0.5, 1).at(0).direction;
  };
  EXPECT_EQ(direction(100, 101), Direction::up);
  EXPECT_EQ(direction(100, 100), Direction::up);
  EXPECT_EQ(direction(100, 99), Direction::down);
}

TEST(DetectionBuilder, WhatIsNoNumberIsInNoRun) {
  const float nan = std::nanf("");
  const std::vector<Detection> found = build({bar(1, 1), bar(2, nan), bar(3, 1)}, 0, 1);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].confidence, 1);
}

TEST(Detect, DetectionsAreTheRunsOfTheProbabilities) {
  const Bars series = walk(300, {120, 126});
  const Detector detector = detector_for(series);
  for (const int delay : {0, 4, 9}) {
    const std::vector<float> probability =
        detect(detector, series, delay, {.threads = 1}).probability;
    ASSERT_EQ(probability.size(), 300u);
    for (size_t row = 0; row < 300; ++row) {
      EXPECT_EQ(std::isnan(probability[row]), row >= 120 && row < 126) << row;
    }
    const double threshold = detector.at_delay(delay).threshold;
    std::vector<std::pair<int64_t, int64_t>> runs, found;
    for (int64_t row = 0; row < 300; ++row) {
      if (!(static_cast<double>(probability[static_cast<size_t>(row)]) >= threshold)) continue;
      if (!runs.empty() && runs.back().second == row - 1 && !series.gap_before(row)) {
        runs.back().second = row;
      } else {
        runs.emplace_back(row, row);
      }
    }
    std::erase_if(runs, [&](const auto& run) { return run.second == run.first; });  // shortest is 2
    for (const Detection& detection : detect(detector, series, delay, {.threads = 1}).detections) {
      found.emplace_back(detection.start_row, detection.end_row);
      EXPECT_EQ(detection.first_ms, series.time_ms[static_cast<size_t>(detection.start_row)]);
      EXPECT_EQ(detection.last_ms, series.time_ms[static_cast<size_t>(detection.end_row)]);
      EXPECT_GE(detection.confidence, threshold);
      EXPECT_GE(detection.known_at, detection.end_row);
      EXPECT_LT(detection.known_at, 300);
    }
    EXPECT_EQ(found, runs);
    EXPECT_GT(found.size(), 5u);
  }
}

TEST(Detect, WhatIsCommittedStands) {
  const Bars series = walk(150, {60, 66});
  const Detector detector = detector_for(series);
  for (const int delay : {0, 9}) {
    const std::vector<Detection> whole =
        committed_ones(detect(detector, series, delay, {.threads = 1}).detections);
    ASSERT_GT(whole.size(), 3u);
    size_t before = 0;
    for (int64_t bars = 0; bars <= 150; ++bars) {
      const std::vector<Detection> part =
          committed_ones(detect(detector, prefix(series, bars), delay, {.threads = 1}).detections);
      ASSERT_GE(part.size(), before);
      ASSERT_LE(part.size(), whole.size());
      before = part.size();
      for (size_t i = 0; i < part.size(); ++i) EXPECT_EQ(part[i], whole[i]) << bars;
      // Each is there as soon as it says that it was known.
      if (before < whole.size()) {
        EXPECT_GE(whole[before].known_at, bars);
      }
    }
  }
}

TEST(Detect, UncommittedOnesComeLast) {
  const Bars series = walk(200);
  Detector detector = detector_for(series);
  detector.shortest = 1;
  bool any = false;
  for (int64_t bars = 100; bars <= 130; ++bars) {
    const std::vector<Detection> found =
        detect(detector, prefix(series, bars), 9, {.threads = 1}).detections;
    for (size_t i = 1; i < found.size(); ++i) {
      EXPECT_GT(found[i].start_row, found[i - 1].end_row);
      EXPECT_TRUE(found[i - 1].committed || !found[i].committed);
    }
    any = any || (!found.empty() && !found.back().committed);
  }
  EXPECT_TRUE(any);
}

TEST(Detect, SameBitsForAnyNumberOfThreads) {
  const Bars series = walk(300, {120});
  const Detector detector = detector_for(series);
  const SeriesDetections one = detect(detector, series, 4, {.threads = 1}),
                         three = detect(detector, series, 4, {.threads = 3});
  EXPECT_EQ(one.detections, three.detections);
  EXPECT_EQ(one.probability, three.probability);
}

TEST(Detect, ProgressIsToldAndCanStop) {
  const Bars series = walk(9000);
  std::stop_source stop;
  Job job{.threads = 1, .stop = stop.get_token()};
  std::vector<int64_t> told;
  job.on_progress = [&](const Progress& progress) {
    EXPECT_EQ(progress.stage, "detection");
    EXPECT_EQ(progress.steps, 9000);
    told.push_back(progress.step);
    if (told.size() == 2) stop.request_stop();
  };
  EXPECT_THROW(detect(small_detector(), series, 9, job), Stopped);
  EXPECT_EQ(told, (std::vector<int64_t>{1024, 2048}));
}

TEST(Detect, AnEmptyAndAShortSeriesHoldNothing) {
  EXPECT_TRUE(detect(small_detector(), Bars{}, 4, {.threads = 1}).detections.empty());
  EXPECT_TRUE(detect(small_detector(), walk(11), 4, {.threads = 1}).detections.empty());
  EXPECT_TRUE(detect(small_detector(), Bars{}, 4, {.threads = 1}).probability.empty());
  for (const float p : detect(small_detector(), walk(11), 4, {.threads = 1}).probability) {
    EXPECT_TRUE(std::isnan(p));
  }
  expect_error([] { detect(small_detector(), Bars{}, 5, {.threads = 1}); }, {"delay of 5"});
}

}  // namespace
}  // namespace spanlab
