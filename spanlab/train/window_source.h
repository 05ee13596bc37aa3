// The windows of a bars file in order of time, one at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <vector>

#include "spanlab/bars/bar_reader.h"
#include "spanlab/windows/bar_windows.h"

namespace spanlab {

/// Which rows of a file are cut, and how.
struct BarFile {
  std::filesystem::path path;  ///< see BarReader; read several times, so not a pipe
  int64_t end_row = std::numeric_limits<int64_t>::max();  ///< rows (bars, from 0) below it are read
  BarWindowsConfig cut;
  int64_t bar_ms;  ///< another step in time is a gap; 0: there are none
};

/// Reads the file as far as the next window needs. Memory does not grow with the file.
class WindowSource {
 public:
  /// Throws Error as BarReader does.
  explicit WindowSource(const BarFile& file);

  /// The next window, [T, D]; false at the end. Throws Error (a cell, time not ascending).
  bool next(float* out);

 private:
  BarReader reader_;
  BarWindows windows_;
  int64_t rows_left_, bar_ms_;
  std::optional<int64_t> last_ms_;
};

/// What a first pass over a file tells.
struct WindowSurvey {
  int64_t windows = 0;                  ///< in the whole file
  std::vector<double> mean, deviation;  ///< [D] of the first windows' values; a deviation of 0 is 1
};

/// One pass; mean and deviation are those of the first `first` windows, at least 1.
WindowSurvey survey_windows(const BarFile& file, int64_t first);

/// The most common step between the file's first bars (10 000 of them), as Series::bar_ms.
/// Throws Error as BarReader does.
int64_t step_of_first_bars(const std::filesystem::path& path);

}  // namespace spanlab
