// Windows next to one another on a stretch of the series that no window of the run reaches.
#pragma once

#include "spanlab/evaluate/held_out.h"
#include "spanlab/metrics/evaluation_sets.h"
#include "spanlab/train/training_data.h"

namespace spanlab {

/// Their dataset is as the recipe wants it. Throws Error if a window of the run reaches the
/// stretch, no window fits behind it, or the spans do not fit the bars.
HeldOutWindows held_out_data(const Recipe& recipe, const RunData& data, const HeldOut& held_out);

}  // namespace spanlab
