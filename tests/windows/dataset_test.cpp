// The dataset: features in both modes, columns by name, targets in place.
#include "spanlab/windows/dataset.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "spanlab/bars/mirror.h"
#include "spanlab/base/error.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::open_gap;
using test::walk;
using test::window;

constexpr int kLength = 40;

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const FeatureInfo& feature : feature_table()) names.emplace_back(feature.name);
  return names;
}

std::vector<Window> some_windows() {
  std::vector<Window> windows{window("a", 0, 3, 9), window("b", 160, 0, 39, SpanType::retracement),
                              window("c", 75)};
  windows[2].spans.clear();
  return windows;
}

TEST(Dataset, PerWindowFeaturesStartAfreshInEach) {
  const Bars series = walk(200);
  const std::vector<Window> windows = some_windows();
  const Dataset data = build_dataset(
      series, windows, {kLength, all_names(), FeatureMode::per_window}, CountdownTarget::clipped);
  ASSERT_EQ(data.windows, 3);
  ASSERT_EQ(data.length, kLength);
  ASSERT_EQ(data.features, kFeatureCount);
  for (int i = 0; i < 3; ++i) {
    std::vector<float> expected(kLength * kFeatureCount);
    compute_features(series, windows[static_cast<size_t>(i)].rows(kLength), kLength,
                     expected.data());
    EXPECT_EQ(std::vector<float>(data.input_of(i), data.input_of(i) + expected.size()), expected);
  }
}

TEST(Dataset, ContinuousFeaturesAreASliceWithThePlaceInTheWindow) {
  const Bars series = walk(200);
  const std::vector<Window> windows = some_windows();
  const Dataset data = build_dataset(
      series, windows, {kLength, all_names(), FeatureMode::continuous}, CountdownTarget::clipped);
  std::vector<float> pass(200 * kFeatureCount);
  compute_features(series, {0, 200}, kLength, pass.data());
  for (int i = 0; i < 3; ++i) {
    const int64_t first = windows[static_cast<size_t>(i)].first_row;
    for (int t = 0; t < kLength; ++t) {
      const float* row = data.input_of(i) + t * kFeatureCount;
      for (int k = 0; k < kFeatureCount; ++k) {
        if (k == kPositionFeature) continue;
        ASSERT_EQ(row[k], pass[static_cast<size_t>((first + t) * kFeatureCount + k)]);
      }
      ASSERT_EQ(row[kPositionFeature], static_cast<float>(t / (kLength - 1.0)));
    }
  }
}

TEST(Dataset, ModesDifferOnlyInWhatHasAMemory) {
  const Bars series = walk(200);
  const auto build = [&](FeatureMode mode) {
    return build_dataset(series, {window("a", 120)}, {kLength, all_names(), mode},
                         CountdownTarget::clipped);
  };
  const Dataset a = build(FeatureMode::per_window), b = build(FeatureMode::continuous);
  for (size_t k = 0; k < kFeatureCount; ++k) {
    bool same = true;
    for (size_t t = 0; t < kLength; ++t) {
      same = same && a.input[t * kFeatureCount + k] == b.input[t * kFeatureCount + k];
    }
    EXPECT_EQ(same, k < 5 || k == kPositionFeature) << feature_table()[k].name;
  }
}

TEST(Dataset, TakesFeaturesByNameInTheOrderGiven) {
  const Bars series = walk(200);
  const Dataset all =
      build_dataset(series, some_windows(), {kLength, all_names(), FeatureMode::per_window},
                    CountdownTarget::clipped);
  const Dataset two = build_dataset(
      series, some_windows(), {kLength, {"position_encoding", "range_z"}, FeatureMode::per_window},
      CountdownTarget::clipped);
  ASSERT_EQ(two.features, 2);
  EXPECT_EQ(two.feature_names, (std::vector<std::string>{"position_encoding", "range_z"}));
  for (size_t i = 0; i < 3 * kLength; ++i) {
    EXPECT_EQ(two.input[i * 2], all.input[i * kFeatureCount + kPositionFeature]);
    EXPECT_EQ(two.input[i * 2 + 1], all.input[i * kFeatureCount + 5]);
  }
}

TEST(Dataset, TargetsStandAtTheirWindow) {
  const Dataset data =
      build_dataset(walk(200), some_windows(), {kLength, {"range_z"}, FeatureMode::per_window},
                    CountdownTarget::unit);
  EXPECT_EQ(data.labelled, (std::vector<uint8_t>{1, 1, 0}));
  EXPECT_EQ(data.type, (std::vector<int32_t>{0, 1, 0}));
  EXPECT_FLOAT_EQ(data.pointers[0], 6.0f / kLength);
  EXPECT_FLOAT_EQ(data.pointers[1], 6.0f / kLength);
  EXPECT_FLOAT_EQ(data.pointers[3], 39.0f / kLength);
  EXPECT_EQ(data.pointers[4], 0.0f);
  float sum = 0;
  for (size_t t = 0; t < kLength; ++t) sum += data.mask[t];
  EXPECT_EQ(sum, 7.0f);
  EXPECT_EQ(data.mask[kLength], 1.0f);
  EXPECT_EQ(data.mask[2 * kLength + 10], 0.0f);
  EXPECT_EQ(data.countdown[kLength], 0.5f);
  EXPECT_EQ(data.countdown[2 * kLength], 0.0f);
}

TEST(Dataset, OnlyAMaskedCountdownNamesBarsThatCount) {
  const auto build = [](CountdownTarget target) {
    return build_dataset(walk(200), some_windows(), {kLength, {"range_z"}, FeatureMode::per_window},
                         target);
  };
  EXPECT_TRUE(build(CountdownTarget::clipped).countdown_counted.empty());
  const Dataset unit = build(CountdownTarget::unit), masked = build(CountdownTarget::masked);
  EXPECT_TRUE(unit.countdown_counted.empty());
  EXPECT_EQ(masked.countdown, unit.countdown);
  ASSERT_EQ(masked.countdown_counted.size(), size_t{3} * kLength);
  // The second window's span begins at its first bar; the third has none.
  EXPECT_EQ(masked.countdown_counted[kLength + 20], 1);
  EXPECT_EQ(masked.countdown_counted[kLength + 21], 0);
  EXPECT_EQ(masked.countdown_counted[2 * kLength], 0);
}

TEST(Dataset, NoWindowIsAnEmptyDataset) {
  const Dataset data = build_dataset(walk(200), {}, {kLength, {"range_z"}, FeatureMode::continuous},
                                     CountdownTarget::clipped);
  EXPECT_EQ(data.windows, 0);
  EXPECT_TRUE(data.input.empty());
}

TEST(Dataset, RefusesWhatDoesNotFit) {
  Bars series = walk(200);
  const auto build = [&](const std::vector<Window>& windows, const std::string& feature) {
    return build_dataset(series, windows, {kLength, {feature}, FeatureMode::per_window},
                         CountdownTarget::clipped);
  };
  EXPECT_THROW(build({window("a", 0)}, "rangez"), Error);
  EXPECT_THROW(build({window("a", 161)}, "range_z"), Error);
  open_gap(series, 100);
  EXPECT_THROW(build({window("a", 70)}, "range_z"), Error);
  EXPECT_NO_THROW(build({window("a", 100)}, "range_z"));
  series.close[110] = std::numeric_limits<double>::quiet_NaN();
  try {
    build({window("a", 100)}, "close_norm");
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "feature close_norm of window \"a\" is not finite at row 110");
  }
}

TEST(Dataset, MirroredInputIsThatOfTheMirroredBars) {
  const Bars series = walk(200);
  const std::vector<Window> windows = some_windows();
  const std::vector<std::string> names{"position_encoding", "close_norm", "range_z"};
  for (const FeatureMode mode : {FeatureMode::per_window, FeatureMode::continuous}) {
    Dataset data = build_dataset(series, windows, {kLength, names, mode}, CountdownTarget::clipped);
    EXPECT_TRUE(data.mirrored_input.empty());
    const SharedFloats input = data.input;
    add_mirrored_input(series, windows, mode, data);
    EXPECT_EQ(data.input, input);
    EXPECT_EQ(data.mirrored_input, build_dataset(mirrored(series), windows, {kLength, names, mode},
                                                 CountdownTarget::clipped)
                                       .input);
    EXPECT_NE(data.mirrored_input, data.input);
    for (size_t i = 0; i < input.size(); i += 3) EXPECT_EQ(data.mirrored_input[i], input[i]);
  }
}

TEST(Dataset, HoldsAllSpansWithTheirDirections) {
  const Bars series = walk(200);
  std::vector<Window> windows = some_windows();
  windows[0].spans.push_back({20, 25, SpanType::retracement});
  windows[1].complete = true;
  const Dataset data = build_dataset(
      series, windows, {kLength, {"range_z"}, FeatureMode::per_window}, CountdownTarget::clipped);
  EXPECT_EQ(data.complete, (std::vector<uint8_t>{0, 1, 0}));
  ASSERT_EQ(data.spans.size(), 3u);
  for (size_t w = 0; w < 3; ++w) EXPECT_EQ(data.spans[w], directed_spans(series, windows[w]));
  EXPECT_EQ(data.spans[0].size(), 2u);
  EXPECT_TRUE(data.spans[2].empty());
}

}  // namespace
}  // namespace spanlab
