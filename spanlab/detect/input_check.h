// Whether bars are of the kind that a detector was trained on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/detect/detector.h"

namespace spanlab {

/// What detection saw of the bars of a series, gathered while they passed.
struct SeenInputs {
  std::vector<double> sum, squares;  ///< [D] of the features over the bars, and of their squares
  int64_t silent = 0;                ///< bars in stretches that are shorter than a window
};

/// A sentence with numbers for each thing that differs: the length of a bar; a feature whose mean
/// over these bars lies more than one deviation of training away, or whose deviation is more than
/// twice or less than half of it; a series, or a stretch between gaps, that is shorter than a
/// window, so that nothing is said of its bars; where that is all of them, features are not
/// compared. Empty if all is well. `seen`: of this detector on all these bars.
std::vector<std::string> input_warnings(const Detector& detector, const Bars& series,
                                        const SeenInputs& seen);

}  // namespace spanlab
