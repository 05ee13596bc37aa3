// Checks a choice of windows and gathers their rows.
#include "spanlab/metrics/window_set.h"

#include <fmt/format.h>

#include "spanlab/base/error.h"

namespace spanlab {

void check_window_set(const WindowSet& set) {
  const auto windows = static_cast<int>(set.windows->size());
  if (windows != set.dataset->windows) {
    throw Error(
        fmt::format("window set: {} windows and a dataset of {}", windows, set.dataset->windows),
        "build the dataset from these windows");
  }
  for (const int window : set.chosen) {
    if (window >= 0 && window < windows) continue;
    throw Error(fmt::format("window set: window {} is chosen of {}", window, windows),
                "choose numbers from 0 to the number of windows less one");
  }
}

std::vector<float> chosen_rows(const std::vector<float>& values, int width,
                               std::span<const int> chosen) {
  std::vector<float> rows;
  rows.reserve(chosen.size() * static_cast<size_t>(width));
  for (const int window : chosen) {
    const auto first = values.begin() + static_cast<ptrdiff_t>(window) * width;
    rows.insert(rows.end(), first, first + width);
  }
  return rows;
}

}  // namespace spanlab
