// Detections as text: CSV, JSON, and the lines of a live stream.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "spanlab/detect/detect.h"
#include "spanlab/detect/live_detector.h"

namespace spanlab {

/// start_row, end_row, start_time, end_time (UTC, ISO 8601), direction, confidence, status
/// (committed or provisional).
std::string detections_csv(const std::vector<Detection>& detections);
std::string detections_json(const std::vector<Detection>& detections);

/// As JSON or CSV, by the file's ending, atomically. Throws Error.
void write_detections(const std::filesystem::path& path, const std::vector<Detection>& detections);

/// Every bar of the series with its probability [bars], empty where no window reaches: row, time,
/// probability. Atomically. Throws Error.
void write_probabilities(const std::filesystem::path& path, const Bars& series,
                         std::span<const float> probability);

inline constexpr const char* kEventHeader =
    "time,event,start_row,end_row,start_time,end_time,direction,confidence";

/// A line under that header. `now_ms`: time of the bar after which the event is known.
std::string event_line(const LiveEvent& event, int64_t now_ms);

}  // namespace spanlab
