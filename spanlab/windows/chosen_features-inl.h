// Columns of the feature table, chosen by name. Shared by the files that fill a dataset.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/features/pipeline.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Copies the chosen columns of `all` [rows, kFeatureCount], which begin with row `first_row` of
/// the series, to `input` [rows, D]. Throws Error on a value that is not finite.
inline void choose_features(const float* all, const std::vector<int>& columns, const Window& window,
                            int64_t first_row, int rows, float* input) {
  for (int t = 0; t < rows; ++t, all += kFeatureCount) {
    for (const int column : columns) {
      *input = all[column];
      if (!std::isfinite(*input++)) {
        throw Error(fmt::format("feature {} of window {} is not finite at row {}",
                                feature_table()[static_cast<size_t>(column)].name,
                                in_quotes(window.id), first_row + t),
                    "run the command `bars check` on the bars");
      }
    }
  }
}

}  // namespace spanlab
