// A stream reports what the same bars give as a file, at every bar, and accepts odd bars.
#include "spanlab/detect/live_detector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>
#include <vector>

#include "spanlab/bars/bars.h"
#include "tests/detect/small_detector.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

using Look = std::tuple<int64_t, int64_t, Direction>;

Look look_of(const Detection& detection) {
  return {detection.start_row, detection.end_row, detection.direction};
}

/// What somebody sees who does as the events say.
struct Screen {
  std::vector<Detection> committed;
  std::vector<Look> provisional;  // in order of time
  int withdrawn = 0, looks = 0;

  void take(const std::vector<LiveEvent>& events, int64_t row) {
    for (const auto& [kind, detection] : events) {
      const Look look = look_of(detection);
      EXPECT_LE(detection.known_at, row);
      EXPECT_EQ(detection.committed, kind == EventKind::committed);
      if (kind == EventKind::committed) {
        EXPECT_EQ(detection.known_at, row);
        committed.push_back(detection);
        std::erase_if(provisional, [&](const Look& p) {
          return std::get<0>(p) <= detection.end_row && std::get<1>(p) >= detection.start_row;
        });
      } else if (kind == EventKind::withdrawn) {
        EXPECT_EQ(std::erase(provisional, look), 1u) << row;  // it was there
        ++withdrawn;
      } else {
        EXPECT_EQ(std::count(provisional.begin(), provisional.end(), look), 0) << row;
        std::erase_if(provisional,
                      [&](const Look& p) { return std::get<0>(p) == detection.start_row; });
        provisional.push_back(look);
        std::sort(provisional.begin(), provisional.end());
        ++looks;
      }
    }
  }
};

TEST(LiveDetector, ShowsAtEveryBarWhatDetectShows) {
  const Bars series = walk(220, {90, 96, 150});
  const Detector detector = detector_for(series);
  for (const int delay : {0, 4, 9}) {
    LiveDetector live(detector, delay, 1, true);
    Screen screen;
    std::vector<LiveEvent> events;
    for (int64_t row = 0; row < series.size(); ++row) {
      live.push(series.bar(row), events);
      screen.take(events, row);
      const std::vector<Detection> all =
          detect(detector, prefix(series, row + 1), delay, {.threads = 1}).detections;
      std::vector<Look> ahead;
      for (const Detection& detection : all) {
        if (!detection.committed) ahead.push_back(look_of(detection));
      }
      ASSERT_EQ(screen.committed, committed_ones(all)) << row;
      ASSERT_EQ(screen.provisional, ahead) << row;
    }
    EXPECT_GT(screen.committed.size(), 10u);
    EXPECT_GT(screen.looks, 20);
    if (delay > 0) {
      EXPECT_GT(screen.withdrawn, 0);
    }
  }
}

TEST(LiveDetector, CommittedEventsComeAloneIfAsked) {
  const Bars series = walk(220, {90, 96, 150});
  const Detector detector = detector_for(series);
  LiveDetector live(detector, 4, 2, false);
  Screen screen;
  std::vector<LiveEvent> events;
  for (int64_t row = 0; row < series.size(); ++row) {
    live.push(series.bar(row), events);
    screen.take(events, row);
  }
  EXPECT_EQ(screen.looks + screen.withdrawn, 0);
  EXPECT_EQ(screen.committed,
            committed_ones(detect(detector, series, 4, {.threads = 1}).detections));
}

TEST(LiveDetector, BarsThatAreNoneChangeNothing) {
  const Bars series = walk(120, {70});
  const Detector detector = detector_for(series);
  LiveDetector plain(detector, 4, 1, true), odd(detector, 4, 1, true);
  std::vector<LiveEvent> expected, events;
  for (int64_t row = 0; row < series.size(); ++row) {
    const Bar bar = series.bar(row);
    Bar broken = bar;
    (row % 4 == 0   ? broken.open
     : row % 4 == 1 ? broken.high
     : row % 4 == 2 ? broken.low
                    : broken.close) = row % 3 == 0 ? std::numeric_limits<double>::infinity()
                                                   : std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(odd.push(broken, events), BarFate::no_numbers);
    EXPECT_TRUE(events.empty());

    EXPECT_EQ(odd.push(bar, events), row == 70 ? BarFate::behind_gap : BarFate::taken);
    plain.push(bar, expected);
    ASSERT_EQ(events.size(), expected.size());
    for (size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].kind, expected[i].kind);
      EXPECT_EQ(events[i].detection, expected[i].detection);
    }

    Bar other = bar;  // the same bar with other prices is still no new one
    other.close += 1;
    EXPECT_EQ(odd.push(other, events), BarFate::repeated);
    EXPECT_TRUE(events.empty());
    if (row > 0) {
      EXPECT_EQ(odd.push(series.bar(row / 2), events), BarFate::out_of_time);
      EXPECT_TRUE(events.empty());
    }
  }
}

TEST(LiveDetector, AStepOtherThanABarIsAGap) {
  const Detector detector = small_detector();
  const auto fates = [&](std::optional<int64_t> bar_ms, const std::vector<int64_t>& times) {
    LiveDetector live(detector, 4, 1, false, bar_ms);
    std::vector<LiveEvent> events;
    std::vector<BarFate> said;
    for (const int64_t time : times) said.push_back(live.push({time, 1, 2, 1, 2}, events));
    return said;
  };
  using F = BarFate;
  const std::vector<int64_t> times{0, 60'000, 180'000, 210'000, 270'000};
  EXPECT_EQ(fates({}, times),
            (std::vector<F>{F::taken, F::taken, F::behind_gap, F::behind_gap, F::taken}));
  EXPECT_EQ(fates(120'000, times),
            (std::vector<F>{F::taken, F::behind_gap, F::taken, F::behind_gap, F::behind_gap}));
  EXPECT_EQ(fates(0, times), std::vector<F>(5, F::taken));
}

TEST(LiveDetector, RefusesADelayThatTheDetectorDoesNotKnow) {
  const Detector detector = small_detector();
  expect_error([&] { LiveDetector(detector, 5, 1, true); }, {"delay of 5", "0, 4, 9"});
}

}  // namespace
}  // namespace spanlab
