// The data of a run: what its recipe makes of the files of bars, windows and spans.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/bars/series.h"
#include "spanlab/train/recipe.h"
#include "spanlab/windows/dataset.h"
#include "spanlab/windows/split.h"

namespace spanlab {

/// Where the data of a run lie.
struct RunInputs {
  std::filesystem::path bars;     ///< see read_bars()
  std::filesystem::path windows;  ///< see read_windows()
  std::filesystem::path spans{};  ///< further spans of the windows, see read_spans(); empty: none
  std::filesystem::path start{};  ///< weights to start from, see start_from(); empty: none
};

struct RunData {
  Series series;
  int64_t bar_faults = 0;  ///< see BarsReport::faults()
  std::vector<Window> windows;
  Dataset dataset;
  Split split;
  std::string hash;  ///< of all that training sees
};

/// Throws Error (bad or missing files, windows that do not fit the bars, nothing to learn).
RunData read_run_data(const Recipe& recipe, const RunInputs& inputs);

}  // namespace spanlab
