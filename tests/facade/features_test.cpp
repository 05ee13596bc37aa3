// The features explained, as a golden page; tables of them, against the stream that makes them.
#include "spanlab/facade/features.h"

#include <gtest/gtest.h>

#include "spanlab/base/csv.h"
#include "spanlab/market/simulate.h"
#include "tests/expect_error.h"
#include "tests/golden_file.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

TEST(FeaturesPage, ListsFamiliesAndFeatures) {
  expect_golden("tests/facade/golden/features_explained.md", markdown_of(features_explained()));
}

TEST(FeatureTables, OfAllBarsAreTheStreams) {
  const TemporaryFolder folder;
  const Bars bars = simulate_market(5000, 1).bars;  // more than a part of the file
  EXPECT_EQ(write_features(folder / "f.csv", bars, 50), kFeatureCount - 1);
  CsvReader csv(folder / "f.csv");
  EXPECT_EQ(csv.header().size(), static_cast<size_t>(kFeatureCount));  // row, no position_encoding
  EXPECT_EQ(csv.find_column("position_encoding"), -1);
  FeatureStream stream(50);
  float values[kFeatureCount];
  int64_t row = 0;
  const int column = csv.column("open_norm");
  for (; csv.next(); ++row) {
    stream.push(bars.bar(row), values);
    ASSERT_EQ(csv.integer(0), row);
    ASSERT_EQ(static_cast<float>(csv.number(column)), values[0]) << row;
  }
  EXPECT_EQ(row, bars.size());
}

TEST(FeatureTables, OfWindowsStartAfreshOrGoThrough) {
  const TemporaryFolder folder;
  const Bars bars = simulate_market(300, 1).bars;
  const Labelled labelled{bars, {{"a", "a", 0, 100, 0, {}, false}}, {}, {}};
  for (const FeatureMode mode : {FeatureMode::per_window, FeatureMode::continuous}) {
    write_window_features(folder / "w.csv", labelled, 30, mode);
    std::vector<float> expected(30 * kFeatureCount), all(130 * kFeatureCount);
    compute_features(bars, {100, 130}, 30, expected.data());
    compute_features(bars, {0, 130}, 30, all.data());
    const bool afresh = mode == FeatureMode::per_window;
    CsvReader csv(folder / "w.csv");
    const auto k = static_cast<size_t>(feature_index("range_z"));
    const int column = csv.column("range_z");
    for (size_t t = 0; csv.next(); ++t) {
      EXPECT_EQ(csv.text(0), "a");
      EXPECT_EQ(csv.integer(2), static_cast<int64_t>(t));
      EXPECT_EQ(static_cast<float>(csv.number(column)),
                afresh ? expected[t * kFeatureCount + k] : all[(100 + t) * kFeatureCount + k]);
    }
  }
  Labelled outside = labelled;
  outside.windows[0].first_row = 290;
  expect_error([&] { write_window_features(folder / "w.csv", outside, 30, {}); },
               {"window \"a\"", "the windows"});
}

}  // namespace
}  // namespace spanlab
