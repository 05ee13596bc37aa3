// The order of an epoch.
#include "spanlab/windows/batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace spanlab {
namespace {

TEST(EpochOrder, IsAShuffleOfTheTrainingWindows) {
  std::vector<int> train;
  for (int i = 0; i < 168; ++i) train.push_back(3 * i);
  std::vector<int> order = epoch_order(train, 7, 1);
  EXPECT_NE(order, train);
  std::sort(order.begin(), order.end());
  EXPECT_EQ(order, train);
}

TEST(EpochOrder, DependsOnSeedAndEpochAlone) {
  std::vector<int> train(100);
  for (int i = 0; i < 100; ++i) train[static_cast<size_t>(i)] = i;
  EXPECT_EQ(epoch_order(train, 7, 5), epoch_order(train, 7, 5));
  EXPECT_NE(epoch_order(train, 7, 5), epoch_order(train, 7, 6));
  EXPECT_NE(epoch_order(train, 7, 5), epoch_order(train, 8, 5));
}

TEST(EpochOrder, NoneAndOne) {
  EXPECT_TRUE(epoch_order({}, 1, 1).empty());
  EXPECT_EQ(epoch_order({4}, 1, 1), std::vector<int>{4});
}

TEST(EpochOrder, EveryWindowComesToEveryPlace) {
  std::vector<int> times(25, 0);
  for (uint32_t epoch = 0; epoch < 5000; ++epoch) {
    const std::vector<int> order = epoch_order({0, 1, 2, 3, 4}, 1, epoch);
    for (size_t k = 0; k < 5; ++k) ++times[k * 5 + static_cast<size_t>(order[k])];
  }
  for (const int n : times) EXPECT_NEAR(n, 1000, 142);  // 5 standard deviations
}

}  // namespace
}  // namespace spanlab
