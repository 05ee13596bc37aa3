// Windows side by side on a stretch of the series that no window of the run reaches.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "spanlab/train/recipe.h"
#include "spanlab/train/run_data.h"
#include "spanlab/windows/dataset.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Where the stretch begins and what is labelled in it.
struct HeldOutInputs {
  std::filesystem::path spans;       ///< every span of the series, see read_spans()
  std::optional<int64_t> first_row;  ///< none: one window's length behind the last window's end
};

struct HeldOutData {
  int64_t first_row = 0;
  std::vector<Window> windows;  ///< N
  Dataset dataset;              ///< of these windows, as the recipe wants it
  std::vector<int> chosen;      ///< [N] 0 .. N - 1
};

/// Throws Error if a window of the run reaches the stretch, no window fits behind it, or the spans
/// do not fit the bars.
HeldOutData read_held_out(const Recipe& recipe, const RunData& data, const HeldOutInputs& inputs);

}  // namespace spanlab
