// Windows of bars that pass are those of the series in memory, to the bit.
#include "spanlab/windows/bar_windows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/bars/mirror.h"
#include "spanlab/features/position.h"
#include "spanlab/windows/window_inputs.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

constexpr int kLength = 20;

/// The features of the window whose last bar is `last`, computed straight from the series: from its
/// first bar on, or from the first of its stretch on.
std::vector<float> in_memory(const Bars& series, const std::vector<int>& features, FeatureMode mode,
                             int64_t last) {
  const int64_t first = last - kLength + 1;
  const int64_t start =
      mode == FeatureMode::per_window ? first : stretch_around(series, first).begin;
  std::vector<float> all(static_cast<size_t>(last - start + 1) * kFeatureCount), columns;
  compute_features(series, {start, last + 1}, kLength, all.data());
  for (int t = 0; t < kLength; ++t) {
    for (const int feature : features) {
      const auto row = static_cast<size_t>(first - start + t);
      columns.push_back(feature == kPositionFeature
                            ? static_cast<float>(position_encoding(t, kLength))
                            : all[row * kFeatureCount + static_cast<size_t>(feature)]);
    }
  }
  return columns;
}

TEST(WindowInputs, AreThoseOfEachWindowInAnyOrder) {
  Bars series = test::walk(300);
  test::open_gap(series, 100);
  test::open_gap(series, 210);
  const std::vector<int> features{30, kPositionFeature, 5};
  // Overlapping, apart, at the ends of stretches, and not in order of time.
  std::vector<Window> windows;
  for (const int64_t first : {250, 0, 190, 3, 100, 80, 280, 120, 125, 210}) {
    windows.push_back(test::window("w" + std::to_string(first), first));
  }
  const size_t values = kLength * features.size();
  for (const FeatureMode mode : {FeatureMode::per_window, FeatureMode::continuous}) {
    for (const bool mirror : {false, true}) {
      const std::vector<float> inputs =
          window_inputs(series, windows, {features, mode, kLength}, mirror);
      const Bars seen = mirror ? mirrored(series) : series;
      for (size_t i = 0; i < windows.size(); ++i) {
        const int64_t last = windows[i].first_row + kLength - 1;
        const auto from = inputs.begin() + static_cast<ptrdiff_t>(i * values);
        ASSERT_EQ(std::vector<float>(from, from + static_cast<ptrdiff_t>(values)),
                  in_memory(seen, features, mode, last))
            << windows[i].id << " " << mirror;
      }
    }
  }
}

TEST(BarWindows, AreThoseOfTheSeriesAfterEveryBar) {
  Bars series = test::walk(150);
  test::open_gap(series, 70);
  test::open_gap(series, 83);                             // a stretch shorter than a window
  std::vector<int> features{30, kPositionFeature, 5, 5};  // any order, twice too
  for (const FeatureMode mode : {FeatureMode::per_window, FeatureMode::continuous}) {
    BarWindows windows({features, mode, kLength, 7});
    std::vector<float> window(kLength * features.size());
    int64_t begin = 0;
    int written = 0;
    for (int64_t row = 0; row < series.size(); ++row) {
      if (series.gap_before(row)) {
        windows.restart();
        EXPECT_FALSE(windows.filled());
        begin = row;
      }
      windows.push(series.bar(row));
      ASSERT_EQ(windows.filled(), row - begin + 1 >= kLength) << row;
      if (!windows.filled()) continue;
      windows.write(window.data());
      ASSERT_EQ(window, in_memory(series, features, mode, row)) << row;
      ++written;
    }
    EXPECT_EQ(written, (70 - 19) + (67 - 19));
  }
}

TEST(BarWindows, EndEveryStrideBarsFromTheFirstOfAStretch) {
  const Bars series = test::walk(100);
  for (const int stride : {1, 7, 33}) {
    BarWindows windows({{0}, FeatureMode::continuous, kLength, stride});
    std::vector<int64_t> ends, expected;
    for (int64_t row = 0; row < 100; ++row) {
      if (row == 45) windows.restart();
      if (windows.push(series.bar(row))) ends.push_back(row);
    }
    for (int64_t end = kLength - 1; end < 45; end += stride) expected.push_back(end);
    for (int64_t end = 45 + kLength - 1; end < 100; end += stride) expected.push_back(end);
    EXPECT_EQ(ends, expected) << stride;
  }
}

}  // namespace
}  // namespace spanlab
