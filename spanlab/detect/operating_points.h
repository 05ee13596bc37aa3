// Precision, recall and detections per day at each threshold, out of fold.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/detect/detector.h"
#include "spanlab/metrics/metrics.h"

namespace spanlab {

/// A point for each threshold 0.01, 0.02, .. 0.99 that predicts anything. `shortest`: bars of the
/// shortest detection; `bar_ms`: length of a bar, above 0. Windows that were chosen because they
/// hold spans hold more of them than a day does: per_day is then too high.
std::vector<OperatingPoint> operating_points(const ScoredWindows& scored, int shortest,
                                             int64_t bar_ms);

/// The lowest threshold from which on precision stays at or above `precision`. Throws Error, saying
/// what can be reached.
double threshold_for_precision(std::span<const OperatingPoint> points, double precision);

/// The lowest threshold from which on there are at most `per_day` detections a day. Where all bars
/// are one detection there are few, too: thresholds below a higher rate do not count. Throws Error
/// likewise.
double threshold_for_rate(std::span<const OperatingPoint> points, double per_day);

}  // namespace spanlab
