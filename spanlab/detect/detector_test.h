// How well a detector does on bars whose spans are known.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/detect/detector.h"
#include "spanlab/labels/spans.h"
#include "spanlab/metrics/metrics.h"

namespace spanlab {

struct DetectorTest {
  int64_t first_row = 0;
  int windows = 0;                ///< N, side by side; each is a group of its own
  int spans = 0;                  ///< that show in them
  double base_rate = 0;           ///< share of bars inside spans
  double threshold = 0;           ///< the detector's, at the delay
  std::vector<Interval> metrics;  ///< [kMetricCount]
};

/// `probability` [bars]: as detect() gives it with this delay; cut into windows of T bars side by
/// side from `first_row` on, against `spans` (sorted and disjoint): every bar is judged as it was
/// decided, with `delay` bars behind it. Throws Error as tile_windows() and Detector::at_delay()
/// do.
DetectorTest test_detector(const Detector& detector, const Bars& series,
                           const std::vector<Span>& spans, int64_t first_row, int delay,
                           std::span<const float> probability);

}  // namespace spanlab
