// Whether bars are of the kind that a detector was trained on.
#pragma once

#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/detect/detector.h"

namespace spanlab {

/// A sentence with numbers for each thing that differs: the length of a bar; a feature whose mean
/// over these bars lies more than one deviation of training away, or whose deviation is more than
/// twice or less than half of it; a series, or a stretch between gaps, that is shorter than a
/// window, so that nothing is said of its bars; where that is all of them, features are not
/// compared. Empty if all is well.
std::vector<std::string> input_warnings(const Detector& detector, const Bars& series);

}  // namespace spanlab
