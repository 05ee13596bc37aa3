// Restarts the features at each window, or cuts them from one pass over the series.
#include "spanlab/windows/window_features.h"

#include <algorithm>
#include <cassert>

#include "spanlab/features/position.h"

namespace spanlab {

WindowFeatures::WindowFeatures(const Series& series, const std::vector<Window>& windows, int length,
                               FeatureMode mode)
    : series_(series), length_(length), mode_(mode) {
  if (mode == FeatureMode::per_window) return;
  int64_t rows = 0;
  for (const Window& window : windows) rows = std::max(rows, window.first_row + length);
  rows = std::min(rows, series.size());
  pass_.resize(static_cast<size_t>(rows) * kFeatureCount);
  compute_features(series, 0, rows, length, pass_.data());
}

void WindowFeatures::of(const Window& window, float* out) const {
  if (mode_ == FeatureMode::per_window) {
    compute_features(series_, window.first_row, length_, length_, out);
    return;
  }
  of_rows(window.first_row, length_, out);
  for (int t = 0; t < length_; ++t) {
    out[t * kFeatureCount + kPositionFeature] = static_cast<float>(position_encoding(t, length_));
  }
}

void WindowFeatures::of_rows(int64_t first_row, int rows, float* out) const {
  const size_t begin = static_cast<size_t>(first_row) * kFeatureCount;
  const size_t count = static_cast<size_t>(rows) * kFeatureCount;
  assert(begin + count <= pass_.size());
  std::copy_n(pass_.begin() + static_cast<std::ptrdiff_t>(begin), count, out);
}

}  // namespace spanlab
