// What one window adds to the metrics that are sums over windows.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "spanlab/metrics/segment_scores.h"

namespace spanlab {

/// The terms, as places in an array so that weighted sums over windows are one loop.
struct WindowTerm {
  enum Index : size_t {
    windows,
    bars,
    inside,       ///< bars inside spans
    inside_sum,   ///< of the probabilities there
    outside_sum,  ///< of the others
    log_loss,     ///< nats; probabilities clamped to [1e-7, 1 - 1e-7], as the span task's loss
    squares,      ///< of probability - mask
    hits,         ///< bars inside and predicted, at the threshold
    predicted,    ///< bars predicted, at the threshold
    half_hits,    ///< likewise at 0.5
    half_predicted,
    labelled_segments,
    predicted_segments,
    right_10,  ///< predicted segments that are right at 10 % overlap
    right_25,
    right_50,
    edit,
    span_hits,  ///< labelled segments hit within 3 bars
    matched,    ///< labelled segments that a predicted one overlaps
    start_error,
    end_error,
    kCount,
  };
};
using WindowSums = std::array<double, WindowTerm::kCount>;

/// `probability`, `mask`: [T]; `labelled`, `predicted`: the window's segments. A bar is predicted
/// where its probability is >= `threshold`.
WindowSums window_sums(std::span<const float> probability, std::span<const float> mask,
                       double threshold, const std::vector<BarSegment>& labelled,
                       const std::vector<BarSegment>& predicted);

}  // namespace spanlab
