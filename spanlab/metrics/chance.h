// What the metrics reach without any bar: from where and how long spans were in training.
#pragma once

#include <limits>
#include <span>
#include <vector>

#include "spanlab/windows/window.h"

namespace spanlab {

/// Levels on test windows; NaN where a side has no span.
struct ChanceLevels {
  double average_precision =
      std::numeric_limits<double>::quiet_NaN();  ///< of a random order: the base rate, share of
                                                 ///< bars inside spans
  double f1_all_positive =
      std::numeric_limits<double>::quiet_NaN();  ///< F1 over bars if all are predicted: 2 r / (1 +
                                                 ///< r) at base rate r
  double hit3 = std::numeric_limits<double>::quiet_NaN();         ///< chance that a span drawn from
                                                                  ///< training hits within 3 bars
  double start_error = std::numeric_limits<double>::quiet_NaN();  ///< mean |start error| of a drawn
                                                                  ///< span that overlaps, bars
  double end_error = std::numeric_limits<double>::quiet_NaN();    ///< likewise
};

/// Chosen windows of a list.
struct WindowsPart {
  const std::vector<Window>& windows;
  std::span<const int> chosen;  ///< numbers of windows
};

/// Exact: each test span is met by every span of the training windows, all equally likely. A
/// detector that learned no more than the usual place and length scores about as much.
/// `length`: bars in a window. Throws Error if a number is of no window.
ChanceLevels chance_levels(const WindowsPart& train, const WindowsPart& test, int length);

}  // namespace spanlab
