// Mean, spread, extremes and median of a set of numbers.
#pragma once

#include <vector>

#include "spanlab/base/summary.h"

namespace spanlab {

/// In linear time; the copy is reordered to find the median (move the vector in to avoid it).
/// All NaN if there is no value or any value is NaN.
Summary summarize(std::vector<float> values);

}  // namespace spanlab
