// Unlabelled stretches that look like labelled spans: training punishes a detector for finding
// them.
#pragma once

#include <vector>

#include "spanlab/metrics/window_set.h"

namespace spanlab {

struct LookAlike {
  int window;       ///< number of the window, one of the chosen
  int first, last;  ///< bars of the window, inclusive
  double score;     ///< as below, in scales
};

/// The score of a stretch is the sum over its bars of d (close - close before) / scale - 0.6, in
/// the direction d = +1 or -1 that gives more, the scale being the mean absolute change of the 60
/// bars to either side: the hindsight rule's (spanlab/labels/hindsight.h), so it knows how the bars
/// went on. Look-alikes are the maximal scoring stretches of the windows that share no bar with any
/// of their spans, are as long as labelled spans are (shortest to longest of the chosen windows;
/// one at an edge of its window may be cut, so it cannot be the shortest; the rule's shortest if
/// all are) and score at least the labelled spans' `quantile` (0 to 1; the median unless said
/// otherwise). Of stretches of the two directions that share bars the better one counts. A stretch
/// that shows in two windows counts in both. Best first; ties by window and bar. Empty if no chosen
/// window has a span. Throws Error if the set does not fit its dataset.
std::vector<LookAlike> look_alikes(const WindowSet& set, double quantile = 0.5);

}  // namespace spanlab
