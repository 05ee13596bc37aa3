// Windows that move: the same features as a window that lies there, within a stretch of the series.
#include "spanlab/windows/wide_input.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "spanlab/windows/dataset.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::open_gap;
using test::walk;
using test::window;

constexpr int kLength = 40, kMargin = 7;
const std::vector<std::string> kNames{"range_z", "position_encoding", "return_1", "cusum_up"};

Dataset dataset_of(const Bars& series, const std::vector<Window>& windows) {
  Dataset data = build_dataset(series, windows, {kLength, kNames, FeatureMode::continuous},
                               CountdownTarget::clipped);
  add_mirrored_input(series, windows, FeatureMode::continuous, data);
  add_wide_input(series, windows, kMargin, true, data);
  return data;
}

TEST(WideInput, AMovedWindowHasTheFeaturesOfOneThatLiesThere) {
  const Bars series = walk(200);
  const std::vector<Window> windows{window("a", 50), window("b", 90)};
  const Dataset data = dataset_of(series, windows);
  const size_t values = kLength * kNames.size();
  std::vector<float> moved(values);
  for (const int shift : {-kMargin, -1, 0, 3, kMargin}) {
    std::vector<Window> there = windows;
    for (Window& w : there) w.first_row += shift;
    const Dataset expected = dataset_of(series, there);
    for (int i = 0; i < 2; ++i) {
      copy_moved_input(data, i, shift, false, moved.data());
      EXPECT_EQ(moved, std::vector<float>(expected.input_of(i), expected.input_of(i) + values));
      copy_moved_input(data, i, shift, true, moved.data());
      const float* const mirrored =
          expected.mirrored_input.data() + static_cast<size_t>(i) * values;
      EXPECT_EQ(moved, std::vector<float>(mirrored, mirrored + values));
    }
  }
}

TEST(WideInput, NoWindowMovesBeyondTheSeriesOrAcrossAGap) {
  Bars series = walk(200);
  open_gap(series, 100);  // between rows 99 and 100
  const Dataset data = dataset_of(
      series, {window("first", 0), window("near", 57), window("behind", 102), window("last", 158)});
  EXPECT_EQ(data.wide.before, (std::vector<int>{0, kMargin, 2, kMargin}));
  EXPECT_EQ(data.wide.after, (std::vector<int>{kMargin, 3, kMargin, 2}));
}

}  // namespace
}  // namespace spanlab
