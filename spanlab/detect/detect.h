// All detections of a series, and the probability of every bar.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/base/job.h"
#include "spanlab/detect/detections.h"
#include "spanlab/detect/detector.h"
#include "spanlab/detect/input_check.h"

namespace spanlab {

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

}  // namespace spanlab
