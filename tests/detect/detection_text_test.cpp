// Detections and events as text: golden files of hand-made ones, all numbers distinct.
#include "spanlab/detect/detection_text.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/golden_file.h"

namespace spanlab {
namespace {

// 2025-01-07 00:01:00.
constexpr int64_t kStart = 1'736'208'060'000;

std::vector<Detection> made_detections() {
  return {{3, 7, kStart + 180'000, kStart + 420'000, Direction::up, 0.61234567, 11, true},
          {20, 20, kStart + 1'200'250, kStart + 1'200'250, Direction::down, 1.0, 29, true},
          {31, 44, kStart + 1'860'000, kStart + 2'640'000, Direction::down, 0.04996, 47, false}};
}

TEST(DetectionText, Csv) {
  expect_golden("tests/detect/golden/detections.csv", detections_csv(made_detections()));
}

TEST(DetectionText, Json) {
  expect_golden("tests/detect/golden/detections.json", detections_json(made_detections()));
}

TEST(DetectionText, WithoutDetections) {
  EXPECT_EQ(detections_csv({}),
            "start_row,end_row,start_time,end_time,direction,confidence,status\n");
  EXPECT_EQ(detections_json({}), "[]\n");
}

TEST(DetectionText, Events) {
  const std::vector<Detection> made = made_detections();
  std::string text = std::string(kEventHeader) + "\n";
  text += event_line({EventKind::committed, made[0]}, kStart + 660'000) + "\n";
  text += event_line({EventKind::provisional, made[1]}, kStart + 1'740'000) + "\n";
  text += event_line({EventKind::withdrawn, made[2]}, kStart + 2'820'500) + "\n";
  expect_golden("tests/detect/golden/events.csv", text);
}

}  // namespace
}  // namespace spanlab
