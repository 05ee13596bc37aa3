// Features of every window, chosen by name, beside the targets.
#include "spanlab/windows/dataset.h"

#include "spanlab/bars/mirror.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/chosen_features-inl.h"
#include "spanlab/windows/window_features.h"

namespace spanlab {
namespace {

/// [N, T, D]
std::vector<float> input_of(const Series& series, const std::vector<Window>& windows, int length,
                            const std::vector<int>& columns, FeatureMode mode) {
  const size_t bars = static_cast<size_t>(length), values = bars * columns.size();
  std::vector<float> input(windows.size() * values), all(bars * kFeatureCount);
  const WindowFeatures features(series, windows, length, mode);
  for (size_t i = 0; i < windows.size(); ++i) {
    features.of(windows[i], all.data());
    choose_features(all.data(), columns, windows[i], windows[i].first_row, length,
                    input.data() + i * values);
  }
  return input;
}

}  // namespace

Dataset build_dataset(const Series& series, const std::vector<Window>& windows, int length,
                      const std::vector<std::string>& feature_names, FeatureMode mode,
                      CountdownTarget countdown) {
  check_windows(series, windows, length);
  const std::vector<int> columns = feature_indices(feature_names);
  const size_t n = windows.size();
  const auto bars = static_cast<size_t>(length);
  Dataset data;
  data.windows = static_cast<int>(n);
  data.length = length;
  data.features = static_cast<int>(columns.size());
  data.feature_names = feature_names;
  data.input = input_of(series, windows, length, columns, mode);
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

void add_mirrored_input(const Series& series, const std::vector<Window>& windows, FeatureMode mode,
                        Dataset& dataset) {
  dataset.mirrored_input = input_of(mirrored(series), windows, dataset.length,
                                    feature_indices(dataset.feature_names), mode);
}

}  // namespace spanlab
