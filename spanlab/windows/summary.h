// What a set of windows holds, in numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/windows/window.h"

namespace spanlab {

/// Counts of windows, unless said otherwise.
struct WindowsSummary {
  int windows = 0;
  int shifted = 0;              ///< from a base window (offset not 0)
  int consolidations = 0;       ///< labelled with this type
  int retracements = 0;         ///< labelled with this type
  int partly_visible = 0;       ///< labelled, but the span reaches out of the window
  int sharing_bars = 0;         ///< share at least one bar with another window
  int groups = 0;               ///< number of groups, see groups.h
  int64_t labelled_bars = 0;    ///< bars inside the labelled spans
  int64_t span_bars = 0;        ///< bars inside any span
  double base_rate = 0.0;       ///< labelled_bars over all bars of the windows
  double span_base_rate = 0.0;  ///< span_bars over all bars of the windows
};

/// `length`: bars in a window.
WindowsSummary summarise_windows(const std::vector<Window>& windows, int length);

}  // namespace spanlab
