// One continuous pass over the series; each window keeps its surroundings.
#include "spanlab/windows/wide_input.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>

#include "spanlab/bars/bars.h"
#include "spanlab/features/position.h"
#include "spanlab/windows/dataset.h"

namespace spanlab {

void add_wide_input(const Bars& series, const std::vector<Window>& windows, int margin,
                    bool with_mirrored, Dataset& dataset, InputCache* cache) {
  WideInput& wide = dataset.wide;
  wide = {};
  wide.margin = margin;
  for (const Window& window : windows) {
    const BarRange rows = window.rows(dataset.length);
    const BarRange around = widened(series, rows, margin, margin);
    wide.before.push_back(static_cast<int>(rows.begin - around.begin));
    wide.after.push_back(static_cast<int>(around.end - rows.end));
  }
  const InputConfig config{feature_indices(dataset.feature_names), FeatureMode::continuous,
                           dataset.length};
  const auto inputs = [&](bool mirrored) -> SharedFloats {
    const auto make = [&] {
      return wide_window_inputs(series, windows, config, margin, wide.before, wide.after, mirrored);
    };
    if (cache == nullptr) return make();
    return cache->get(
        fmt::format("wide {} {} {} {}", margin, mirrored, config.length, config.features), make);
  };
  wide.input = inputs(false);
  if (with_mirrored) wide.mirrored = inputs(true);
}

void copy_moved_input(const Dataset& dataset, int window, int shift, bool mirrored, float* out) {
  const WideInput& wide = dataset.wide;
  const auto w = static_cast<size_t>(window);
  assert(-wide.before[w] <= shift && shift <= wide.after[w]);
  const SharedFloats& from = mirrored ? wide.mirrored : wide.input;
  const auto features = static_cast<size_t>(dataset.features);
  const auto width = static_cast<size_t>(dataset.length + 2 * wide.margin);
  const size_t start = (w * width + static_cast<size_t>(wide.margin + shift)) * features;
  std::copy_n(from.data() + start, static_cast<size_t>(dataset.length) * features, out);
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
