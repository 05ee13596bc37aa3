// Properties of all features together: same bits in batch and stream, causality, invariance,
// bounds.
#include "spanlab/features/pipeline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/base/error.h"
#include "tests/expect_error.h"
#include "tests/features/bars.h"

namespace spanlab {
namespace {

using test::append;
using test::random_market;
using test::scaled;

constexpr int kWindow = 105;

std::vector<float> features_of(const Bars& series, int64_t first, int64_t count) {
  std::vector<float> features(static_cast<size_t>(count) * kFeatureCount);
  compute_features(series, {first, first + count}, kWindow, features.data());
  return features;
}
std::vector<float> features_of(const Bars& series) {
  return features_of(series, 0, series.size());
}

// Equal bits, signs of zeros included.
bool same_bits(const float* a, const float* b, int64_t rows) {
  return std::memcmp(a, b, static_cast<size_t>(rows) * kFeatureCount * sizeof(float)) == 0;
}

void expect_in_range(const std::vector<float>& features) {
  for (size_t i = 0; i < features.size(); ++i) {
    const FeatureInfo& info = feature_table()[i % kFeatureCount];
    const double value = static_cast<double>(features[i]);
    ASSERT_TRUE(value >= info.low && value <= info.high)
        << info.name << " is " << value << " at bar " << i / kFeatureCount;
  }
}

TEST(Features, BatchAndStreamGiveTheSameBits) {
  const Bars series = random_market(5000, 1);
  const std::vector<float> batch = features_of(series, 700, 4000);
  FeatureStream stream(kWindow);
  float one[kFeatureCount];
  for (int64_t i = 0; i < 4000; ++i) {
    stream.push(series.bar(700 + i), one);
    ASSERT_TRUE(same_bits(batch.data() + i * kFeatureCount, one, 1)) << i;
  }
}

TEST(Features, ResetForgetsEverything) {
  const Bars series = random_market(400, 2);
  const std::vector<float> fresh = features_of(series, 200, 200);
  FeatureStream stream(kWindow);
  float one[kFeatureCount];
  for (int64_t i = 0; i < 200; ++i) stream.push(series.bar(i), one);
  stream.push(series.bar(200), one);
  EXPECT_FALSE(same_bits(fresh.data(), one, 1));  // the past does matter
  stream.reset();
  for (int64_t i = 0; i < 200; ++i) {
    stream.push(series.bar(200 + i), one);
    ASSERT_TRUE(same_bits(fresh.data() + i * kFeatureCount, one, 1)) << i;
  }
}

TEST(Features, TheWantedOnesHaveTheSameBits) {
  const Bars series = random_market(300, 8);
  const std::vector<float> all = features_of(series);
  std::vector<std::vector<int>> choices{{}, {5, 15, 29}, {kPositionFeature}, {31, 23}};
  for (int feature = 0; feature < kFeatureCount; ++feature) choices.push_back({feature});
  for (const std::vector<int>& wanted : choices) {
    FeatureStream stream(kWindow, wanted);
    float one[kFeatureCount];
    for (int round = 0; round < 2; ++round) {
      for (int64_t i = 0; i < series.size(); ++i) {
        stream.push(series.bar(i), one);
        for (const int feature : wanted) {
          ASSERT_EQ(one[feature], all[static_cast<size_t>(i * kFeatureCount + feature)]);
        }
      }
      stream.reset();
    }
  }
}

TEST(Features, LaterBarChangesNothingBefore) {
  const Bars series = random_market(600, 4);
  const std::vector<float> before = features_of(series);
  for (const int64_t changed : {1, 57, 300, 599}) {
    Bars other = series;
    const auto i = static_cast<size_t>(changed);
    other.high[i] *= 1.5;
    other.close[i] *= 1.2;
    const std::vector<float> after = features_of(other);
    EXPECT_TRUE(same_bits(before.data(), after.data(), changed));
    const auto at = changed * kFeatureCount;
    EXPECT_FALSE(same_bits(before.data() + at, after.data() + at, 1)) << changed;
  }
}

TEST(Features, DoNotSeeThePriceLevel) {
  const Bars series = random_market(3000, 5);
  const std::vector<float> features = features_of(series);
  for (const double factor : {0.25, 2.0, 65536.0}) {  // exact in binary: the same bits
    const std::vector<float> other = features_of(scaled(series, factor));
    EXPECT_TRUE(same_bits(features.data(), other.data(), series.size())) << factor;
  }
  for (const double factor : {0.37, 3.1, 1234.5}) {
    const std::vector<float> other = features_of(scaled(series, factor));
    for (size_t i = 0; i < features.size(); ++i) ASSERT_NEAR(features[i], other[i], 1e-5) << factor;
  }
}

TEST(Features, StayInTheirRanges) {
  for (uint64_t seed = 10; seed < 20; ++seed)
    expect_in_range(features_of(random_market(2000, seed)));
}

TEST(Features, FirstSetReachesBothEndsOfItsRanges) {
  // A bound that no bar comes near would be a wrong bound or a dead feature.
  const std::vector<float> features = features_of(random_market(200000, 6));
  for (size_t k = 0; k < kFirstSetCount; ++k) {
    float low = features[k], high = features[k];
    for (size_t i = k; i < features.size(); i += kFeatureCount) {
      low = std::min(low, features[i]);
      high = std::max(high, features[i]);
    }
    const FeatureInfo& info = feature_table()[k];
    const bool ages = info.name == "bars_since_SH_norm" || info.name == "bars_since_SL_norm" ||
                      info.name == "consol_proxy";  // a random walk turns too often for these
    EXPECT_NEAR(low, info.low, 0.1) << info.name;
    if (!ages) {
      EXPECT_NEAR(high, info.high, 0.1) << info.name;
    }
    EXPECT_GT(high, 0.0f) << info.name;
  }
}

TEST(Features, FlatMarketIsZeroButForThePosition) {
  Bars series;
  for (int i = 0; i < 300; ++i) append(series, 7, 7, 7, 7);
  const std::vector<float> features = features_of(series);
  for (size_t i = 0; i < features.size(); ++i) {
    const size_t bar = i / kFeatureCount;
    const float expected =
        i % kFeatureCount == kPositionFeature
            ? static_cast<float>(std::min(static_cast<double>(bar) / (kWindow - 1), 1.0))
            : 0.0f;
    ASSERT_EQ(features[i], expected) << i;
  }
}

TEST(Features, ExtremePricesStayFiniteAndInRange) {
  RandomStream random(7, Purpose::market);
  constexpr double kPrices[] = {
      5e-324, 1e-300, 1e-9, 1.0, 1e9, 1e300, std::numeric_limits<double>::max()};
  Bars series;
  for (int i = 0; i < 5000; ++i) {
    double p[4];
    for (double& price : p) price = kPrices[random.below(std::size(kPrices))];
    const double high = std::max({p[0], p[1], p[2], p[3]});
    const double low = std::min({p[0], p[1], p[2], p[3]});
    append(series, p[0], high, low, p[3]);
  }
  expect_in_range(features_of(series));
}

TEST(Features, BrokenBarsStayInRange) {
  RandomStream random(8, Purpose::market);
  Bars series;
  for (int i = 0; i < 5000; ++i) {  // high may be below low, open and close anywhere
    append(series, random.uniform(1, 2), random.uniform(1, 2), random.uniform(1, 2),
           random.uniform(1, 2));
  }
  expect_in_range(features_of(series));
}

TEST(FeatureTable, NamesAreFoundByTheirNumbers) {
  ASSERT_EQ(feature_table().size(), static_cast<size_t>(kFeatureCount));
  for (int k = 0; k < kFeatureCount; ++k) {
    EXPECT_EQ(feature_index(feature_table()[static_cast<size_t>(k)].name), k);
  }
}

TEST(FeatureTable, SeveralNamesAreFoundInTheirOrder) {
  const std::vector<std::string> names{"cusum_up", "open_norm", "position_encoding", "open_norm"};
  EXPECT_EQ(feature_indices(names), (std::vector<int>{28, 0, kPositionFeature, 0}));
  EXPECT_TRUE(feature_indices({}).empty());
  const std::vector<std::string> wrong{"open_norm", "range_x"};
  expect_error([&] { feature_indices(wrong); }, {"\"range_x\"", "range_z"});
}

TEST(FeatureTable, EachFamilyIsListedOnceAndInOrder) {
  std::vector<std::string_view> families;
  for (const FeatureInfo& feature : feature_table()) {
    if (families.empty() || families.back() != feature.family) families.push_back(feature.family);
  }
  ASSERT_EQ(families.size(), feature_families().size());
  for (size_t i = 0; i < families.size(); ++i) {
    EXPECT_EQ(families[i], feature_families()[i].name);
    EXPECT_FALSE(feature_families()[i].tells.empty());
  }
}

TEST(FeatureTable, UnknownNameIsAnErrorWithTheNearest) {
  try {
    feature_index("range_x");
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "unknown feature \"range_x\"");
    EXPECT_EQ(e.hint(), "did you mean \"range_z\"?");
  }
  try {
    feature_index("volume profile");
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(e.hint().find("open_norm"), std::string::npos);
    EXPECT_NE(e.hint().find("lower_wick_scaled"), std::string::npos);
  }
}

}  // namespace
}  // namespace spanlab
