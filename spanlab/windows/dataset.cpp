// Inputs and targets of every window.
#include "spanlab/windows/dataset.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "spanlab/base/hash.h"
#include "spanlab/windows/check.h"

namespace spanlab {
namespace {

SharedFloats inputs_of(const Bars& series, const std::vector<Window>& windows,
                       const InputConfig& config, bool mirrored, InputCache* cache) {
  const auto make = [&] { return window_inputs(series, windows, config, mirrored); };
  if (cache == nullptr) return make();
  std::vector<int64_t> rows;
  for (const Window& window : windows) rows.push_back(window.first_row);
  return cache->get(
      fmt::format("{} {} {} {} {}", config.mode == FeatureMode::continuous, mirrored, config.length,
                  config.features, hash_text(rows.data(), rows.size() * sizeof(rows[0]))),
      make);
}

}  // namespace

Dataset build_targets(const Bars& series, const std::vector<Window>& windows, int length,
                      CountdownTarget countdown) {
  check_places(series, windows, length);
  const size_t n = windows.size();
  const auto bars = static_cast<size_t>(length);
  Dataset data;
  data.windows = static_cast<int>(n);
  data.length = length;
  data.labelled.resize(n);
  data.type.resize(n);
  data.pointers.resize(n * 2);
  data.mask.resize(n * bars);
  data.countdown.resize(n * bars);
  const bool masked = countdown == CountdownTarget::masked;
  if (masked) data.countdown_counted.resize(n * bars);

  for (size_t i = 0; i < n; ++i) {
    data.spans.push_back(directed_spans(series, windows[i]));
    data.complete.push_back(windows[i].complete);
    data.labelled[i] = !windows[i].spans.empty();
    if (data.labelled[i]) data.type[i] = static_cast<int32_t>(windows[i].spans.front().type);
    write_targets(windows[i], length, countdown, data.pointers.data() + i * 2,
                  data.mask.data() + i * bars, data.countdown.data() + i * bars);
    if (masked) {
      write_countdown_counted(windows[i], length, data.countdown_counted.data() + i * bars);
    }
  }
  return data;
}

Dataset build_dataset(const Bars& series, const std::vector<Window>& windows,
                      const WindowInputConfig& config, CountdownTarget countdown,
                      InputCache* cache) {
  Dataset data = build_targets(series, windows, config.window, countdown);
  add_input(series, windows, config, data, cache);
  return data;
}

void add_input(const Bars& series, const std::vector<Window>& windows,
               const WindowInputConfig& config, Dataset& dataset, InputCache* cache) {
  const std::vector<int> columns = feature_indices(config.features);
  dataset.features = static_cast<int>(columns.size());
  dataset.feature_names = config.features;
  dataset.input =
      inputs_of(series, windows, {columns, config.feature_mode, config.window}, false, cache);
}

void add_mirrored_input(const Bars& series, const std::vector<Window>& windows, FeatureMode mode,
                        Dataset& dataset, InputCache* cache) {
  dataset.mirrored_input = inputs_of(
      series, windows, {feature_indices(dataset.feature_names), mode, dataset.length}, true, cache);
}

}  // namespace spanlab
