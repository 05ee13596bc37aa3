// Passes over a bars file.
#include "spanlab/train/window_source.h"

#include <cmath>

#include "spanlab/bars/csv_bars.h"

namespace spanlab {

WindowSource::WindowSource(const BarFile& file)
    : reader_(file.path), windows_(file.cut), rows_left_(file.end_row), bar_ms_(file.bar_ms) {}

bool WindowSource::next(float* out) {
  Bar bar{};
  double volume = 0;
  while (rows_left_ > 0 && reader_.next(bar, volume)) {
    --rows_left_;
    if (last_ms_ && bar_ms_ > 0 && bar.time_ms - *last_ms_ != bar_ms_) windows_.restart();
    last_ms_ = bar.time_ms;
    if (!windows_.push(bar)) continue;
    windows_.write(out);
    return true;
  }
  return false;
}

WindowSurvey survey_windows(const BarFile& file, int64_t first) {
  const size_t features = file.cut.features.size();
  const size_t values = static_cast<size_t>(file.cut.length) * features;
  WindowSurvey survey{0, std::vector<double>(features), std::vector<double>(features)};
  std::vector<float> window(values);
  double count = 0;
  // Welford's running mean and sum of squares: no need to keep the values.
  for (WindowSource source(file); source.next(window.data()); ++survey.windows) {
    if (survey.windows >= first) continue;
    for (size_t i = 0; i < values; i += features) {
      ++count;
      for (size_t f = 0; f < features; ++f) {
        const double off = static_cast<double>(window[i + f]) - survey.mean[f];
        survey.mean[f] += off / count;
        survey.deviation[f] += off * (static_cast<double>(window[i + f]) - survey.mean[f]);
      }
    }
  }
  for (double& d : survey.deviation) d = d > 0 ? std::sqrt(d / count) : 1;
  return survey;
}

int64_t step_of_first_bars(const std::filesystem::path& path) {
  constexpr size_t kFirst = 10'000;
  BarReader reader(path);
  std::vector<int64_t> times;
  Bar bar{};
  double volume = 0;
  while (times.size() < kFirst && reader.next(bar, volume)) times.push_back(bar.time_ms);
  return most_common_step(times);
}

}  // namespace spanlab
