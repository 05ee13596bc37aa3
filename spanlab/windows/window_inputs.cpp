// One pass over the bars: a window is copied from the ring when its last bar has passed.
#include "spanlab/windows/window_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "spanlab/bars/mirror.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/windows/bar_windows.h"

namespace spanlab {
namespace {

/// Rows of one window that are wanted, end exclusive.
struct Wanted {
  size_t window;  // its number
  BarRange rows;
};

/// Calls take(wanted, ring) after the last bar of each range, which lies within a stretch without
/// gap. Bars before the first range of a stretch are passed only if features remember them.
template <class Take>
void pass_bars(const Bars& series, std::vector<Wanted> wanted, const BarWindowsConfig& config,
               bool mirrored, const Take& take) {
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const Wanted& a, const Wanted& b) { return a.rows.end < b.rows.end; });
  std::optional<Mirror> mirror;
  if (mirrored && !wanted.empty()) mirror.emplace(series);
  BarWindows ring(config);
  int64_t next = 0;  // row of the next bar
  const auto start_of = [&](int64_t row) {
    if (config.mode == FeatureMode::per_window) return row;
    while (row > next && !series.gap_before(row)) --row;
    return row;
  };
  for (const Wanted& w : wanted) {
    if (w.rows.begin > next) {
      if (const int64_t start = start_of(w.rows.begin); start > next) {
        next = start;
        ring.restart();
      }
    }
    for (; next < w.rows.end; ++next) {
      if (series.gap_before(next)) ring.restart();
      const Bar bar = series.bar(next);
      ring.push(mirror ? (*mirror)(bar) : bar);
    }
    take(w, ring);
  }
}

/// Throws Error if one of `values` [rows, D], the first of them of `first_row`, is not finite.
void require_finite(const float* values, const InputConfig& config, const Window& window,
                    int64_t first_row, int64_t rows) {
  const size_t features = config.features.size();
  for (size_t i = 0; i < static_cast<size_t>(rows) * features; ++i) {
    if (std::isfinite(values[i])) continue;
    const auto feature = static_cast<size_t>(config.features[i % features]);
    throw Error(fmt::format("feature {} of window {} is not finite at row {}",
                            feature_table()[feature].name, in_quotes(window.id),
                            first_row + static_cast<int64_t>(i / features)),
                "run the command `bars check` on the bars");
  }
}

}  // namespace

std::vector<float>& SharedFloats::own() {
  if (!values_) {
    values_ = std::make_shared<std::vector<float>>();
  } else if (values_.use_count() > 1) {
    values_ = std::make_shared<std::vector<float>>(*values_);
  }
  return *values_;
}

const std::vector<float>& SharedFloats::none() {
  static const std::vector<float> kNothing;
  return kNothing;
}

std::vector<float> window_inputs(const Bars& series, const std::vector<Window>& windows,
                                 const InputConfig& config, bool mirrored) {
  const size_t values = static_cast<size_t>(config.length) * config.features.size();
  std::vector<float> input(windows.size() * values);
  std::vector<Wanted> wanted;
  for (size_t i = 0; i < windows.size(); ++i) {
    wanted.push_back({i, windows[i].rows(config.length)});
  }
  pass_bars(series, wanted, {config.features, config.mode, config.length}, mirrored,
            [&](const Wanted& w, const BarWindows& ring) {
              ring.write(input.data() + w.window * values);
            });
  for (size_t i = 0; i < windows.size(); ++i) {
    require_finite(input.data() + i * values, config, windows[i], windows[i].first_row,
                   config.length);
  }
  return input;
}

std::vector<float> wide_window_inputs(const Bars& series, const std::vector<Window>& windows,
                                      const InputConfig& config, int margin,
                                      const std::vector<int>& before, const std::vector<int>& after,
                                      bool mirrored) {
  const int width = config.length + 2 * margin;
  const size_t features = config.features.size(), values = static_cast<size_t>(width) * features;
  std::vector<float> input(windows.size() * values);
  std::vector<Wanted> wanted;
  for (size_t i = 0; i < windows.size(); ++i) {
    const BarRange rows = windows[i].rows(config.length);
    wanted.push_back({i, {rows.begin - before[i], rows.end + after[i]}});
  }
  BarWindowsConfig passing{config.features, FeatureMode::continuous, config.length};
  passing.kept = width;
  pass_bars(series, wanted, passing, mirrored, [&](const Wanted& w, const BarWindows& ring) {
    const size_t start =
        w.window * values + static_cast<size_t>(margin - before[w.window]) * features;
    ring.copy_last(static_cast<int>(w.rows.size()), input.data() + start);
    require_finite(input.data() + start, config, windows[w.window], w.rows.begin, w.rows.size());
  });
  return input;
}

}  // namespace spanlab
