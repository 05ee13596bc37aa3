// Selected windows of a series with their dataset: the input of predictors and probes.
#pragma once

#include <span>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/windows/dataset.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Windows of one series: N chosen ones of a dataset. What it points at must outlive it.
struct WindowSet {
  const Bars* series;
  const std::vector<Window>* windows;
  const Dataset* dataset;       ///< of the same windows in the same order
  std::span<const int> chosen;  ///< [N] numbers of windows
};

/// Throws Error if windows and dataset are not the same number, or a chosen one is none of them.
void check_window_set(const WindowSet& set);

/// Rows of a dataset's array of `width` values a window, one chosen window after the other.
/// `values`: [windows, width]. Result: [N, width].
std::vector<float> chosen_rows(const std::vector<float>& values, int width,
                               std::span<const int> chosen);

}  // namespace spanlab
