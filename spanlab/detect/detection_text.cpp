// One row, line or JSON object per detection.
#include "spanlab/detect/detection_text.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "spanlab/bars/timestamps.h"
#include "spanlab/base/csv.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

const char* status_of(const Detection& detection) {
  return detection.committed ? "committed" : "provisional";
}

double rounded(double confidence) {
  return std::round(confidence * 1e4) / 1e4;
}

}  // namespace

std::string detections_csv(const std::vector<Detection>& detections) {
  CsvText csv(
      {"start_row", "end_row", "start_time", "end_time", "direction", "confidence", "status"});
  for (const Detection& d : detections) {
    csv.cell(d.start_row).cell(d.end_row);
    csv.cell(std::string_view(time_text(d.first_ms))).cell(std::string_view(time_text(d.last_ms)));
    csv.cell(name_of(d.direction)).cell(rounded(d.confidence)).cell(std::string_view(status_of(d)));
    csv.end_row();
  }
  return csv.text();
}

std::string detections_json(const std::vector<Detection>& detections) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Detection& d : detections) {
    list.push_back({{"start_row", d.start_row},
                    {"end_row", d.end_row},
                    {"start_time", time_text(d.first_ms)},
                    {"end_time", time_text(d.last_ms)},
                    {"direction", name_of(d.direction)},
                    {"confidence", rounded(d.confidence)},
                    {"status", status_of(d)}});
  }
  return list.dump(2) + "\n";
}

void write_detections(const std::filesystem::path& path, const std::vector<Detection>& detections) {
  const bool json = path.extension() == ".json";
  write_file_atomically(path, json ? detections_json(detections) : detections_csv(detections));
}

void write_probabilities(const std::filesystem::path& path, const Bars& series,
                         std::span<const float> probability) {
  CsvText csv({"row", "time", "probability"});
  for (int64_t row = 0; row < series.size(); ++row) {
    const auto i = static_cast<size_t>(row);
    csv.cell(row).cell(std::string_view(time_text(series.time_ms[i])));
    if (std::isnan(probability[i])) {
      csv.cell(std::string_view());
    } else {
      csv.cell(probability[i]);
    }
    csv.end_row();
  }
  write_file_atomically(path, csv.text());
}

std::string event_line(const LiveEvent& event, int64_t now_ms) {
  const char* kind = event.kind == EventKind::committed     ? "committed"
                     : event.kind == EventKind::provisional ? "provisional"
                                                            : "withdrawn";
  const Detection& d = event.detection;
  return fmt::format("{},{},{},{},{},{},{},{}", time_text(now_ms), kind, d.start_row, d.end_row,
                     time_text(d.first_ms), time_text(d.last_ms), name_of(d.direction),
                     number_text(rounded(d.confidence)));
}

}  // namespace spanlab
