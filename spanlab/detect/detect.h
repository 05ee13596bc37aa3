// The detections of a series, the probability of every bar, and whether the bars resemble those of
// training.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/base/job.h"
#include "spanlab/detect/detector.h"
#include "spanlab/labels/spans.h"

namespace spanlab {

/// A span that the detector found.
struct Detection {
  int64_t start_row, end_row;  ///< first and last bar, inclusive as in a Span
  int64_t first_ms, last_ms;   ///< opening times of these bars
  Direction direction;         ///< up if the last close is not below the close before the span
  double confidence;           ///< mean probability of its bars
  int64_t known_at;            ///< row of the bar after which it was known
  bool committed;              ///< never changes; else it may still grow, shrink or vanish

  BarRange rows() const { return {start_row, end_row + 1}; }
  bool operator==(const Detection&) const = default;
};

/// What detection saw of the bars of a series, gathered while they passed.
struct SeenInputs {
  std::vector<double> sum, squares;  ///< [D] of the features over the bars, and of their squares
  int64_t silent = 0;                ///< bars in stretches that are shorter than a window
};

/// Windows that are scored together where nobody waits for an answer.
inline constexpr int kDetectBatch = 32;

struct SeriesDetections {
  /// Committed ones in order of time; then those of the last bars, which no window has decided yet,
  /// as they look now (`committed` false).
  std::vector<Detection> detections;
  /// [bars] calibrated; NaN where no window reaches. Bars that are not decided yet have those of a
  /// window that ends with the last bar.
  std::vector<float> probability;
  SeenInputs inputs;  ///< see input_warnings()
};

/// What is committed is what the series' bars would have given one by one. Progress: stage
/// "detection", a step a bar. Throws Error as Detector::at_delay() does, Stopped.
SeriesDetections detect(const Detector& detector, const Bars& series, int delay,
                        const Job& job = {});

/// A sentence with numbers for each thing that differs: the length of a bar; a feature whose mean
/// over these bars lies more than one deviation of training away, or whose deviation is more than
/// twice or less than half of it; a series, or a stretch between gaps, that is shorter than a
/// window, so that nothing is said of its bars; where that is all of them, features are not
/// compared. Empty if all is well. `seen`: of this detector on all these bars.
std::vector<std::string> input_warnings(const Detector& detector, const Bars& series,
                                        const SeenInputs& seen);

}  // namespace spanlab
