// The windows of bars in order of time, one at a time.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/windows/bar_windows.h"

namespace spanlab {

/// Which bars are cut, and how.
struct WindowPass {
  const Bars& bars;
  int64_t rows_before = std::numeric_limits<int64_t>::max();  ///< only rows below it are cut
  BarWindowsConfig cut;
};

/// Passes over the bars as far as the next window needs. Keeps one window.
class WindowSource {
 public:
  explicit WindowSource(const WindowPass& pass);

  /// The next window, [T, D]; false at the end.
  bool next(float* out);

 private:
  const Bars& bars_;
  BarWindows windows_;
  int64_t next_ = 0, end_;  // rows
};

/// What a first pass over the bars tells.
struct WindowSurvey {
  int64_t windows = 0;                  ///< in all the bars
  std::vector<double> mean, deviation;  ///< [D] of the first windows' values; a deviation of 0 is 1
};

/// One pass; mean and deviation are those of the first `first` windows, at least 1.
WindowSurvey survey_windows(const WindowPass& pass, int64_t first);

}  // namespace spanlab
