// The features of windows, in either mode.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/bars/series.h"
#include "spanlab/features/pipeline.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Gives the features of windows of one series. Continuous mode makes its pass over the series
/// once, up to the last of the windows.
class WindowFeatures {
 public:
  /// `series` must outlive this. `length`: bars in a window. The windows must lie in the series;
  /// the last ones may reach beyond it if they are only asked for rows.
  WindowFeatures(const Series& series, const std::vector<Window>& windows, int length,
                 FeatureMode mode);
  /// `out`: [length, kFeatureCount]; position_encoding is the place in the window in both modes.
  void of(const Window& window, float* out) const;
  /// Continuous mode only. `rows` rows from `first_row` on, up to the end of the last window:
  /// `out` [rows, kFeatureCount], where position_encoding means nothing.
  void of_rows(int64_t first_row, int rows, float* out) const;

 private:
  const Series& series_;
  int length_;
  FeatureMode mode_;
  std::vector<float> pass_;  // [rows, kFeatureCount], continuous mode only
};

}  // namespace spanlab
