// Random numbers: known answers of Philox, moments, no bias.
#include "spanlab/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

namespace spanlab {
namespace {

using Block = std::array<uint32_t, 4>;

// Known answers of the authors' library (Random123, kat_vectors, philox4x32 with 10 rounds).
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox({ones, ones, ones, ones}, {ones, ones}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, IsPhiloxOfItsKey) {
  RandomStream random(0x0123456789abcdef, Purpose::shuffle, 7, 9);
  const auto purpose = static_cast<uint32_t>(Purpose::shuffle);
  for (uint32_t block = 0; block < 3; ++block) {
    for (const uint32_t word : philox({block, 9, 7, purpose}, {0x89abcdef, 0x01234567})) {
      EXPECT_EQ(random.bits(), word);
    }
  }
}

TEST(RandomStream, EveryPartOfTheKeyMatters) {
  std::set<uint32_t> first;
  for (const uint64_t seed : {uint64_t{0}, uint64_t{1}, uint64_t{1} << 32}) {
    for (const Purpose purpose : {Purpose::split, Purpose::market}) {
      for (const uint32_t epoch : {0u, 1u}) {
        for (const uint32_t index : {0u, 1u}) {
          first.insert(RandomStream(seed, purpose, epoch, index).bits());
        }
      }
    }
  }
  EXPECT_EQ(first.size(), 24u);
}

TEST(RandomStream, ACopyRepeats) {
  RandomStream random(3, Purpose::split);
  random.bits();
  RandomStream copy = random;
  for (int k = 0; k < 10; ++k) EXPECT_EQ(random.bits(), copy.bits());
}

struct Moments {
  double mean = 0, variance = 0, fourth = 0;  // central
};

Moments moments_of(const std::vector<double>& x) {
  Moments m;
  const auto n = static_cast<double>(x.size());
  m.mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
  for (const double v : x) {
    const double d = v - m.mean;
    m.variance += d * d / n;
    m.fourth += d * d * d * d / n;
  }
  return m;
}

constexpr int kDraws = 200000;

// Bounds are five standard errors of the estimate.
TEST(RandomStream, UniformMoments) {
  RandomStream random(11, Purpose::market);
  std::vector<double> x(kDraws);
  for (double& v : x) v = random.uniform();
  const Moments m = moments_of(x);
  EXPECT_NEAR(m.mean, 0.5, 5 * std::sqrt(1.0 / 12 / kDraws));
  EXPECT_NEAR(m.variance, 1.0 / 12, 5 * std::sqrt((1.0 / 80 - 1.0 / 144) / kDraws));
  EXPECT_GE(*std::min_element(x.begin(), x.end()), 0.0);
  EXPECT_LT(*std::max_element(x.begin(), x.end()), 1.0);
}

TEST(RandomStream, UniformRange) {
  RandomStream random(12, Purpose::market);
  for (int k = 0; k < 1000; ++k) {
    const double v = random.uniform(-3, 5);
    ASSERT_GE(v, -3);
    ASSERT_LT(v, 5);
  }
}

TEST(RandomStream, NormalMomentsAndTails) {
  RandomStream random(13, Purpose::market);
  std::vector<double> x(kDraws);
  for (double& v : x) v = random.normal();
  const Moments m = moments_of(x);
  EXPECT_NEAR(m.mean, 0, 5 * std::sqrt(1.0 / kDraws));
  EXPECT_NEAR(m.variance, 1, 5 * std::sqrt(2.0 / kDraws));
  EXPECT_NEAR(m.fourth, 3, 5 * std::sqrt(96.0 / kDraws));
  const auto beyond = [&](double limit) {
    return static_cast<double>(
               std::count_if(x.begin(), x.end(), [&](double v) { return std::abs(v) > limit; })) /
           kDraws;
  };
  EXPECT_NEAR(beyond(1.959964), 0.05, 5 * std::sqrt(0.05 * 0.95 / kDraws));
  EXPECT_NEAR(beyond(2.575829), 0.01, 5 * std::sqrt(0.01 * 0.99 / kDraws));
}

TEST(RandomStream, BelowIsUnbiased) {
  for (const uint64_t n : {1u, 2u, 3u, 7u, 10u}) {
    RandomStream random(14, Purpose::split, 0, static_cast<uint32_t>(n));
    std::vector<int> counts(n);
    for (int k = 0; k < kDraws; ++k) ++counts.at(random.below(n));
    const double p = 1.0 / static_cast<double>(n);
    for (const int count : counts) {
      EXPECT_NEAR(count, kDraws * p, 5 * std::sqrt(kDraws * p * (1 - p)) + 1e-9) << n;
    }
  }
}

// Without rejection, 2^64 mod n would put the lower half of this range at twice the upper's odds.
TEST(RandomStream, BelowIsUnbiasedForHugeRanges) {
  const uint64_t n = (uint64_t{1} << 63) + (uint64_t{1} << 62);  // 3/4 of 2^64
  RandomStream random(15, Purpose::split);
  int lower_third = 0;
  constexpr int kFew = 30000;
  for (int k = 0; k < kFew; ++k) {
    const uint64_t draw = random.below(n);
    ASSERT_LT(draw, n);
    if (draw < n / 3) ++lower_third;
  }
  EXPECT_NEAR(lower_third, kFew / 3.0, 5 * std::sqrt(kFew * 2.0 / 9));
}

TEST(RandomStream, ShuffleGivesEveryOrderEquallyOften) {
  std::vector<int> counts(24);
  constexpr int kShuffles = 24000;
  for (int k = 0; k < kShuffles; ++k) {
    RandomStream random(16, Purpose::shuffle, 0, static_cast<uint32_t>(k));
    std::array<int, 4> order{0, 1, 2, 3};
    random.shuffle(std::span<int>(order));
    std::array<int, 4> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    ASSERT_EQ(sorted, (std::array<int, 4>{0, 1, 2, 3}));
    int rank = 0;  // Lehmer code of the order
    for (int i = 0; i < 4; ++i) {
      int smaller = 0;
      for (int j = i + 1; j < 4; ++j) smaller += order[j] < order[i];
      rank = rank * (4 - i) + smaller;
    }
    ++counts.at(static_cast<size_t>(rank));
  }
  const double expected = kShuffles / 24.0;
  for (const int count : counts) EXPECT_NEAR(count, expected, 5 * std::sqrt(expected));
}

}  // namespace
}  // namespace spanlab
