// Windows next to one another on a stretch of the series that no window of the run reaches.
#pragma once

#include <vector>

#include "spanlab/evaluate/held_out.h"
#include "spanlab/train/training_data.h"

namespace spanlab {

struct HeldOutData {
  int64_t first_row = 0;
  std::vector<Window> windows;  ///< N
  Dataset dataset;              ///< of these windows, as the recipe wants it
  std::vector<int> chosen;      ///< [N] 0 .. N - 1
};

/// Throws Error if a window of the run reaches the stretch, no window fits behind it, or the spans
/// do not fit the bars.
HeldOutData held_out_data(const Recipe& recipe, const RunData& data, const HeldOut& held_out);

}  // namespace spanlab
