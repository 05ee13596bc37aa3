// Passes over bars in memory.
#include "spanlab/train/window_source.h"

#include <algorithm>
#include <cmath>

namespace spanlab {

WindowSource::WindowSource(const WindowPass& pass)
    : bars_(pass.bars), windows_(pass.cut), end_(std::min(pass.rows_before, pass.bars.size())) {}

bool WindowSource::next(float* out) {
  while (next_ < end_) {
    if (bars_.gap_before(next_)) windows_.restart();
    if (!windows_.push(bars_.bar(next_++))) continue;
    windows_.write(out);
    return true;
  }
  return false;
}

WindowSurvey survey_windows(const WindowPass& pass, int64_t first) {
  const size_t features = pass.cut.features.size();
  const size_t values = static_cast<size_t>(pass.cut.length) * features;
  WindowSurvey survey{0, std::vector<double>(features), std::vector<double>(features)};
  std::vector<float> window(values);
  double count = 0;
  // Welford's running mean and sum of squares: no need to keep the values.
  for (WindowSource source(pass); source.next(window.data()); ++survey.windows) {
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

}  // namespace spanlab
