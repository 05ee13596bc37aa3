// One continuous pass over the series, of which each window keeps its surroundings.
#include "spanlab/windows/wide_input.h"

#include <algorithm>
#include <cassert>

#include "spanlab/bars/mirror.h"
#include "spanlab/bars/stretch.h"
#include "spanlab/features/position.h"
#include "spanlab/windows/chosen_features-inl.h"
#include "spanlab/windows/dataset.h"
#include "spanlab/windows/window_features.h"

namespace spanlab {
namespace {

/// [N, margin + T + margin, D]
std::vector<float> wide_input_of(const Series& series, const std::vector<Window>& windows,
                                 const Dataset& dataset) {
  const WideInput& wide = dataset.wide;
  const std::vector<int> columns = feature_indices(dataset.feature_names);
  const auto width = static_cast<size_t>(dataset.length + 2 * wide.margin);
  const WindowFeatures features(series, windows, dataset.length + wide.margin,
                                FeatureMode::continuous);
  std::vector<float> input(windows.size() * width * columns.size()), all(width * kFeatureCount);
  for (size_t i = 0; i < windows.size(); ++i) {
    const int64_t first_row = windows[i].first_row - wide.before[i];
    const int rows = wide.before[i] + dataset.length + wide.after[i];
    features.of_rows(first_row, rows, all.data());
    const size_t start = i * width + static_cast<size_t>(wide.margin - wide.before[i]);
    choose_features(all.data(), columns, windows[i], first_row, rows,
                    input.data() + start * columns.size());
  }
  return input;
}

}  // namespace

void add_wide_input(const Series& series, const std::vector<Window>& windows, int margin,
                    bool with_mirrored, Dataset& dataset) {
  dataset.wide = {};
  dataset.wide.margin = margin;
  for (const Window& window : windows) {
    const int64_t last_row = window.first_row + dataset.length - 1;
    dataset.wide.before.push_back(static_cast<int>(bars_before(series, window.first_row, margin)));
    dataset.wide.after.push_back(static_cast<int>(bars_behind(series, last_row, margin)));
  }
  dataset.wide.input = wide_input_of(series, windows, dataset);
  if (with_mirrored) {
    dataset.wide.mirrored = wide_input_of(mirrored(series), windows, dataset);
  }
}

void copy_moved_input(const Dataset& dataset, int window, int shift, bool mirrored, float* out) {
  const WideInput& wide = dataset.wide;
  const auto w = static_cast<size_t>(window);
  assert(-wide.before[w] <= shift && shift <= wide.after[w]);
  const std::vector<float>& from = mirrored ? wide.mirrored : wide.input;
  const auto features = static_cast<size_t>(dataset.features);
  const auto width = static_cast<size_t>(dataset.length + 2 * wide.margin);
  const size_t start = (w * width + static_cast<size_t>(wide.margin + shift)) * features;
  std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(start),
              static_cast<size_t>(dataset.length) * features, out);
  // The one feature that is not the bar's own but its place in the window.
  const std::string_view position = feature_table()[kPositionFeature].name;
  for (size_t f = 0; f < features; ++f) {
    if (dataset.feature_names[f] != position) continue;
    for (int t = 0; t < dataset.length; ++t) {
      out[static_cast<size_t>(t) * features + f] =
          static_cast<float>(position_encoding(t, dataset.length));
    }
  }
}

}  // namespace spanlab
