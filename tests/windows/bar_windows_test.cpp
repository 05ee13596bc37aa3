// Windows of bars that pass are those of the series in memory, to the bit.
#include "spanlab/windows/bar_windows.h"

#include <gtest/gtest.h>

#include <vector>

#include "spanlab/windows/window_features.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

constexpr int kLength = 20;

/// The columns of the window whose last bar is `last`, from the series in memory.
std::vector<float> in_memory(const Series& series, const std::vector<int>& features,
                             FeatureMode mode, int64_t last) {
  const Window window = test::window("w", last - kLength + 1);
  std::vector<float> all(kLength * kFeatureCount), columns;
  WindowFeatures(series, {window}, kLength, mode).of(window, all.data());
  for (size_t t = 0; t < kLength; ++t) {
    for (const int feature : features) {
      columns.push_back(all[t * kFeatureCount + static_cast<size_t>(feature)]);
    }
  }
  return columns;
}

TEST(BarWindows, AreThoseOfTheSeriesAfterEveryBar) {
  Series series = test::walk(150);
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
  const Series series = test::walk(100);
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
