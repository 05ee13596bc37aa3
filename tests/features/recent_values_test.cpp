// The ring of latest values: order, and sums that do not depend on where the ring stands.
#include "spanlab/features/recent_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "spanlab/base/random.h"

namespace spanlab {
namespace {

TEST(RecentValues, KeepsTheLatestInOrder) {
  RecentValues<5> ring;
  EXPECT_EQ(ring.size(), 0);
  for (int i = 1; i <= 23; ++i) {
    ring.push(i);
    ASSERT_EQ(ring.size(), std::min(i, 5));
    for (int count = 1; count <= ring.size(); ++count) {
      for (int k = 0; k < count; ++k) ASSERT_EQ(ring.last(count)[k], i - count + 1 + k);
    }
    for (int age = 0; age < ring.size(); ++age) ASSERT_EQ(ring.ago(age), i - age);
  }
}

TEST(RecentValues, SumsAreTheSameWhereverTheRingStands) {
  RandomStream random(1, Purpose::market);
  std::vector<double> values(300);
  for (double& value : values) value = std::exp(10 * random.normal());
  for (const size_t first : {0u, 1u, 63u, 120u, 179u}) {
    RecentValues<120> ring;
    for (size_t i = first; i < values.size(); ++i) ring.push(values[i]);
    EXPECT_EQ(sum_of(ring.last(120), 120), sum_of(values.data() + 180, 120)) << first;
  }
}

TEST(RecentValues, SumMeanAndExtremesOfAnyCount) {
  std::vector<double> values;
  for (int n = 1; n <= 30; ++n) {
    values.push_back((n * 7) % 31);  // a permutation of 1 .. 30 at the end
    double sum = 0;
    for (const double value : values) sum += value;
    EXPECT_EQ(sum_of(values.data(), n), sum);
    EXPECT_EQ(mean_of(values.data(), n), sum / n);
    EXPECT_EQ(largest_of(values.data(), n), *std::max_element(values.begin(), values.end()));
    EXPECT_EQ(smallest_of(values.data(), n), *std::min_element(values.begin(), values.end()));
  }
  EXPECT_EQ(sum_of(values.data(), 0), 0.0);
  EXPECT_EQ(mean_of(values.data(), 0), 0.0);
}

}  // namespace
}  // namespace spanlab
