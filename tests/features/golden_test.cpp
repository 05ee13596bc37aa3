// The first set against the golden files of the reference, on real bars.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/csv.h"
#include "spanlab/features/pipeline.h"
#include "tests/real_data.h"

namespace spanlab {
namespace {

constexpr double kTolerance = 1e-6;

// Largest difference between the current row of `csv` and `values` [kFeatureCount], over the
// columns it has.
double difference(const CsvReader& csv, const float* values) {
  double worst = 0.0;
  for (int k = 0; k < kFirstSetCount; ++k) {
    const int column = csv.find_column(feature_table()[static_cast<size_t>(k)].name);
    if (column < 0) continue;
    worst = std::max(worst, std::abs(csv.number(column) - static_cast<double>(values[k])));
  }
  return worst;
}

TEST(GoldenFeatures, PerWindow) {
  const Bars series = read_bars(test::kBars);
  CsvReader csv(test::kWindowFeatures);
  const int start = csv.column("window_start_row"), place = csv.column("t");
  std::vector<float> features(105 * kFeatureCount);
  int rows = 0;
  while (csv.next()) {
    const int64_t t = csv.integer(place);
    if (t == 0)
      compute_features(series, {csv.integer(start), csv.integer(start) + 105}, 105,
                       features.data());
    ASSERT_LT(difference(csv, features.data() + t * kFeatureCount), kTolerance) << csv.row();
    ++rows;
  }
  EXPECT_EQ(rows, 1050);
}

TEST(GoldenFeatures, Continuous) {
  const Bars series = read_bars(test::kBars);
  CsvReader csv(test::kSeriesFeatures);
  const int row = csv.column("row");
  FeatureStream stream(105);
  float features[kFeatureCount];
  int64_t rows = 0;
  while (csv.next()) {
    ASSERT_EQ(csv.integer(row), rows);
    stream.push(series.bar(rows++), features);
    ASSERT_LT(difference(csv, features), kTolerance) << csv.row();
  }
  EXPECT_EQ(rows, 3000);
}

}  // namespace
}  // namespace spanlab
