// Stretches that a user should review to complete the labels of windows.
#pragma once

#include <span>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/candidates.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// The windows' look-alikes (look_alikes.h) from that `quantile` of their spans' scores on, without
/// those that share a bar with a span of any window. Of look-alikes that share bars, as where
/// windows overlap and an edge cuts one of them, the best stays. Direction is direction_over() the
/// bars, type that of type_by_lead(), score the look-alike's.
/// `probability`: [bars of the series] of a detector, NaN where it says nothing, or empty. With it
/// the candidates have its mean over their bars, and go by it, those without one after; else they
/// go by score. Best first; ties by row.
/// Throws Error if the windows do not fit the series, or no window has a span to compare with.
std::vector<Candidate> review_candidates(const Bars& series, const std::vector<Window>& windows,
                                         int length, double quantile,
                                         std::span<const float> probability);

}  // namespace spanlab
