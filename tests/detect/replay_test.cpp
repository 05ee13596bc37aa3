// What a replay counts, and that it finds a detector that changes its mind.
#include "spanlab/detect/replay.h"

#include <gtest/gtest.h>

#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/detect/live_detector.h"
#include "tests/detect/small_detector.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

TEST(Replay, CountsWhatTheStreamDoes) {
  const Bars series = walk(200, {90, 96});
  const Detector detector = detector_for(series);
  for (const int delay : {0, 9}) {
    LiveDetector live(detector, delay, 1, true);
    std::vector<LiveEvent> events;
    int64_t withdrawn = 0;
    double wait = 0;
    for (int64_t row = 0; row < series.size(); ++row) {
      live.push(series.bar(row), events);
      for (const LiveEvent& event : events) {
        withdrawn += event.kind == EventKind::withdrawn;
        if (event.kind == EventKind::committed) {
          wait += static_cast<double>(row - event.detection.end_row);
        }
      }
    }
    const ReplayResult result = replay(detector, series, delay, 3, {.threads = 2});
    EXPECT_EQ(result.prefixes, 200);
    EXPECT_EQ(result.repaints, 0);
    EXPECT_EQ(result.anew, 3);
    EXPECT_EQ(result.committed,
              committed_ones(detect(detector, series, delay, {.threads = 1}).detections));
    ASSERT_GT(result.committed.size(), 5u);
    EXPECT_EQ(result.withdrawn, withdrawn);
    EXPECT_DOUBLE_EQ(result.mean_wait, wait / static_cast<double>(result.committed.size()));
    EXPECT_GT(result.seconds_a_bar, 0);
  }
}

// From bar 100 on the stream is decided by another calibration than the prefixes are.
TEST(Replay, FindsAStreamThatSaysOtherThanItsPrefixes) {
  const Bars series = walk(200);
  Detector detector = detector_for(series);
  const CalibrationMap calibration = detector.calibration;
  const auto repaints = [&](int64_t bars, int64_t anew) {
    Job job{.threads = 1};
    job.on_progress = [&](const Progress& progress) {
      if (progress.stage != "stream") return;
      const bool other = progress.step >= 100 && progress.step < bars;
      detector.calibration.offset = calibration.offset + other;
    };
    const ReplayResult result = replay(detector, prefix(series, bars), 4, anew, job);
    EXPECT_EQ(result.prefixes, bars);
    return result.repaints;
  };
  EXPECT_EQ(repaints(100, 1), 0);
  const int64_t without = repaints(200, 0);
  EXPECT_GT(without, 20);
  EXPECT_LE(without, 100);
  // What is detected from nothing is compared too.
  EXPECT_GE(repaints(200, 4) - without, 1);
  EXPECT_LE(repaints(200, 4) - without, 2);
}

TEST(Replay, ProgressIsToldAndCanStop) {
  const Bars series = walk(100);
  const Detector detector = detector_for(series);
  std::stop_source stop;
  Job job{.threads = 1, .stop = stop.get_token()};
  int64_t told = 0;
  job.on_progress = [&](const Progress& progress) {
    EXPECT_EQ(progress.step, ++told);
    EXPECT_EQ(progress.steps, 100);
    if (told == 60) stop.request_stop();
  };
  EXPECT_THROW(replay(detector, series, 4, 2, job), Stopped);
  EXPECT_EQ(told, 60);
}

TEST(Replay, AnEmptySeriesAndAnUnknownDelay) {
  const ReplayResult result = replay(small_detector(), Bars{}, 4, 5, {.threads = 1});
  EXPECT_EQ(result.prefixes + result.repaints + result.anew + result.withdrawn, 0);
  EXPECT_TRUE(result.committed.empty());
  EXPECT_EQ(result.mean_wait, 0);
  expect_error([] { replay(small_detector(), walk(20), 5, 1, {.threads = 1}); }, {"delay of 5"});
}

}  // namespace
}  // namespace spanlab
