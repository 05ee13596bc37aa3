// How good a detector is on bars whose spans are known.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/detect/detector.h"
#include "spanlab/labels/spans.h"
#include "spanlab/metrics/evaluation.h"

namespace spanlab {

/// `probability` [bars]: as detect() gives it with this delay; cut into windows of T bars side by
/// side from `first_row` on, against `spans` (sorted and disjoint): every bar is judged as it was
/// decided, with `delay` bars after it, at the detector's threshold. No trivial predictors: what
/// the detector was trained on is not at hand. Throws Error as tile_windows() and
/// Detector::at_delay() do.
Evaluation test_detector(const Detector& detector, const Bars& series,
                         const std::vector<Span>& spans, int64_t first_row, int delay,
                         std::span<const float> probability);

}  // namespace spanlab
