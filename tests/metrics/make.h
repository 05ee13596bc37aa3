// Bars, windows and datasets for the tests of predictors and probes.
#pragma once

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/labels/spans.h"
#include "spanlab/metrics/window_set.h"
#include "spanlab/windows/labelled.h"
#include "spanlab/windows/window.h"

namespace spanlab::test {

/// All windows of a series with their dataset, at fixed addresses.
struct Sample {
  Sample(const Bars& bars, std::vector<Window> some)
      : series(bars), windows(std::move(some)), chosen(windows.size()) {
    std::vector<std::string> names;
    for (const FeatureInfo& feature : feature_table().first(kPositionFeature)) {
      names.emplace_back(feature.name);
    }
    dataset = build_dataset(series, windows, {kWindowLength, names, FeatureMode::continuous},
                            CountdownTarget::clipped);
    std::iota(chosen.begin(), chosen.end(), 0);
  }
  Sample(const Sample&) = delete;
  Sample& operator=(const Sample&) = delete;

  WindowSet set() const { return {&series, &windows, &dataset, chosen}; }

  const Bars& series;
  std::vector<Window> windows;
  Dataset dataset;
  std::vector<int> chosen;
};

/// `count` windows that follow each other from `first_row` on, with all `spans` in them.
inline std::vector<Window> tiled(int64_t first_row, int count, const std::vector<Span>& spans) {
  std::vector<Window> windows;
  for (int k = 0; k < count; ++k) {
    const std::string id = std::to_string(k);
    windows.push_back({.id = id,
                       .base_id = id,
                       .offset = 0,
                       .first_row = first_row + int64_t{k} * kWindowLength,
                       .visible_fraction = 0.0,
                       .spans = {}});
  }
  join_spans(windows, spans, kWindowLength);
  return windows;
}

}  // namespace spanlab::test
