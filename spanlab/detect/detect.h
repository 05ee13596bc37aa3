// All detections of a series.
#pragma once

#include <functional>
#include <vector>

#include "spanlab/bars/series.h"
#include "spanlab/detect/detections.h"
#include "spanlab/detect/detector.h"

namespace spanlab {

/// Windows that are scored together where nobody waits for an answer.
inline constexpr int kDetectBatch = 32;

/// Committed detections of the series in order of time; then those of its last bars, which no
/// window has decided yet, as they look now (`committed` false). What is committed is what the
/// series' bars would have given one by one. `on_progress` (may be empty) is told now and then how
/// many bars are done; false stops, and the answer is cut short. Throws Error as
/// check_delay() does.
std::vector<Detection> detect(const Detector& detector, const Series& series, int delay,
                              int threads, const std::function<bool(int64_t)>& on_progress = {});

/// The calibrated probability of every bar, [bars]; NaN where no window reaches. Bars at the end
/// of the series have those of a window that ends there.
std::vector<float> bar_probabilities(const Detector& detector, const Series& series, int delay,
                                     int threads);

}  // namespace spanlab
