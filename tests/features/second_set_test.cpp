// Properties of the second set alone: finite warm-up, mirrored prices. And gaps, for both sets.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "spanlab/features/pipeline.h"
#include "spanlab/features/recent_bars.h"
#include "tests/features/bars.h"

namespace spanlab {
namespace {

using test::random_market;

constexpr int kWindow = 105;
constexpr int kSecondSet = kFeatureCount - kFirstSetCount;

std::vector<float> features_of(const Bars& series, int64_t first, int64_t count) {
  std::vector<float> features(static_cast<size_t>(count) * kFeatureCount);
  compute_features(series, {first, first + count}, kWindow, features.data());
  return features;
}

// Features of the second set at row `row` of `features`: [kSecondSet].
const float* second_set(const std::vector<float>& features, int64_t row) {
  return features.data() + row * kFeatureCount + kFirstSetCount;
}

bool same_bits(const float* a, const float* b, int count) {
  return std::memcmp(a, b, static_cast<size_t>(count) * sizeof(float)) == 0;
}

TEST(SecondSet, LaterStartGivesTheSameBitsOnceWarm) {
  const Bars series = random_market(1200, 21);
  const std::vector<float> all = features_of(series, 0, series.size());
  for (const int64_t start : {1, 37, 120, 334, 700}) {
    const std::vector<float> late = features_of(series, start, series.size() - start);
    const int64_t warm = kWarmUpBars - 1;  // place of the first bar that has seen enough
    for (int64_t i = warm; start + i < series.size(); ++i) {
      ASSERT_TRUE(same_bits(second_set(late, i), second_set(all, start + i), kSecondSet))
          << start << " + " << i;
    }
  }
}

TEST(SecondSet, WarmUpIsNoLongerThanItMustBe) {
  // One bar earlier the scale still lacks a return.
  const Bars series = random_market(400, 22);
  const std::vector<float> all = features_of(series, 0, series.size());
  int different = 0;
  for (int64_t start = 1; start < 200; ++start) {
    const std::vector<float> late = features_of(series, start, kWarmUpBars - 1);
    const int64_t last = kWarmUpBars - 2;
    different += !same_bits(second_set(late, last), second_set(all, start + last), kSecondSet);
  }
  EXPECT_GT(different, 150);
}

TEST(SecondSet, NothingIsLeftOfAHugeBarAfterTheWarmUp) {
  Bars series = random_market(500, 23);
  const std::vector<float> before = features_of(series, 0, series.size());
  series.high[200] *= 1e12;
  series.close[200] *= 1e12;
  const std::vector<float> after = features_of(series, 0, series.size());
  EXPECT_FALSE(same_bits(second_set(before, 320), second_set(after, 320), kSecondSet));
  for (int64_t row = 321; row < 500; ++row) {
    ASSERT_TRUE(same_bits(second_set(before, row), second_set(after, row), kSecondSet)) << row;
  }
}

// Prices on a grid of whole numbers, where a mirror loses no bits.
Bars on_whole_numbers(Bars series) {
  for (auto* prices : {&series.open, &series.high, &series.low, &series.close}) {
    for (double& price : *prices) price = std::round(price);
  }
  return series;
}

Bars mirrored(const Bars& series, double at) {
  Bars mirror = series;
  for (size_t i = 0; i < series.time_ms.size(); ++i) {
    mirror.open[i] = at - series.open[i];
    mirror.high[i] = at - series.low[i];
    mirror.low[i] = at - series.high[i];
    mirror.close[i] = at - series.close[i];
  }
  return mirror;
}

TEST(SecondSet, MirroredPricesNegateWhatHasADirection) {
  const Bars series = on_whole_numbers(random_market(3000, 24));
  const std::vector<float> plain = features_of(series, 0, series.size());
  const Bars mirror = mirrored(series, 1 << 20);
  const std::vector<float> turned = features_of(mirror, 0, series.size());
  const std::map<std::string, std::string> swapped{{"cusum_up", "cusum_down"},
                                                   {"cusum_down", "cusum_up"},
                                                   {"upper_wick_scaled", "lower_wick_scaled"},
                                                   {"lower_wick_scaled", "upper_wick_scaled"},
                                                   {"true_range", "true_range"},
                                                   {"volatility_10", "volatility_10"},
                                                   {"volatility_30", "volatility_30"},
                                                   {"range_10", "range_10"}};
  for (int k = kFirstSetCount; k < kFeatureCount; ++k) {
    const std::string name(feature_table()[static_cast<size_t>(k)].name);
    const auto found = swapped.find(name);
    const bool has_direction = found == swapped.end();
    const int other = has_direction ? k : feature_index(found->second);
    for (int64_t row = 0; row < series.size(); ++row) {
      const float a = plain[static_cast<size_t>(row * kFeatureCount + k)];
      const float b = turned[static_cast<size_t>(row * kFeatureCount + other)];
      ASSERT_EQ(a, has_direction ? -b : b) << name << " at " << row;
    }
  }
}

TEST(Gaps, FeaturesStartAfreshBehindThem) {
  Bars series = random_market(900, 25);
  for (size_t i = 300; i < 900; ++i) series.time_ms[i] += 3600'000;
  for (size_t i = 700; i < 900; ++i) series.time_ms[i] -= 7200'000;  // times that go back
  std::vector<float> parts;
  for (const auto& [first, count] : {std::pair{0, 300}, {300, 400}, {700, 200}}) {
    const std::vector<float> part = features_of(series, first, count);
    parts.insert(parts.end(), part.begin(), part.end());
  }
  const std::vector<float> whole = features_of(series, 0, 900);
  EXPECT_TRUE(same_bits(whole.data(), parts.data(), 900 * kFeatureCount));
  for (size_t i = 300; i < 900; ++i) series.time_ms[i] = static_cast<int64_t>(i) * 60000;
  const std::vector<float> closed = features_of(series, 0, 900);
  EXPECT_FALSE(same_bits(closed.data(), whole.data(), 301 * kFeatureCount));
}

}  // namespace
}  // namespace spanlab
