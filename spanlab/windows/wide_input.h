// Features of the bars around windows, so that a window can be shifted.
#pragma once

#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/windows/window.h"
#include "spanlab/windows/window_inputs.h"

namespace spanlab {

struct Dataset;

/// N windows of T bars with `margin` bars on either side.
struct WideInput {
  int margin = 0;  ///< bars; 0: there is none
  /// [N] bars, 0 to margin, that a window can be moved to earlier and to later bars before it meets
  /// a gap or the end of the series.
  std::vector<int> before, after;
  SharedFloats input;     ///< [N, margin + T + margin, D]; 0 beyond `before` and `after`
  SharedFloats mirrored;  ///< the same of the mirrored bars; empty if not asked for
};

/// Fills dataset.wide with features that run through the series (FeatureMode::continuous).
/// `windows`: those of the dataset; `cache`: theirs, may be null. Throws Error on a feature that is
/// not finite.
void add_wide_input(const Bars& series, const std::vector<Window>& windows, int margin,
                    bool with_mirrored, Dataset& dataset, InputCache* cache = nullptr);

/// Input of window number `window` moved by `shift` bars, -before to after: `out` [T, D].
void copy_moved_input(const Dataset& dataset, int window, int shift, bool mirrored, float* out);

}  // namespace spanlab
