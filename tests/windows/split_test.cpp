// What each kind of split promises, on random windows and at the edges.
#include "spanlab/windows/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/windows/groups.h"
#include "spanlab/windows/window.h"
#include "tests/real_data.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::window;

constexpr int kLength = 50;

std::vector<Window> random_windows(int count, uint64_t seed, int64_t rows) {
  RandomStream random(seed, Purpose::market);
  std::vector<Window> windows;
  for (int i = 0; i < count; ++i) {
    windows.push_back(
        window(std::to_string(i), static_cast<int64_t>(random.below(static_cast<uint64_t>(rows)))));
    if (random.uniform() < 0.1) windows.back().base_id = std::to_string(random.below(20));
  }
  return windows;
}

// Every window is in one list.
void expect_partition(const Split& split, size_t windows) {
  EXPECT_TRUE(std::is_sorted(split.train.begin(), split.train.end()));
  std::vector<int> all;
  for (const auto* list : {&split.train, &split.validation, &split.left_out}) {
    all.insert(all.end(), list->begin(), list->end());
  }
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), windows);
  for (size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], static_cast<int>(i));
}

// Training and validation windows that share bars, by looking at every pair.
int sharing_pairs(const Split& split, const std::vector<Window>& windows) {
  int pairs = 0;
  for (const int t : split.train) {
    for (const int v : split.validation) {
      pairs += std::abs(windows[static_cast<size_t>(t)].first_row -
                        windows[static_cast<size_t>(v)].first_row) < kLength;
    }
  }
  return pairs;
}

TEST(RandomSplit, HasTheSizesOfTheReportedRun) {
  const Split split =
      split_windows(random_windows(210, 1, 27000), kLength, {SplitKind::random, 0.2, 42});
  EXPECT_EQ(split.train.size(), 168u);
  EXPECT_EQ(split.validation.size(), 42u);
  expect_partition(split, 210);
}

TEST(RandomSplit, DependsOnTheSeedAlone) {
  const std::vector<Window> windows = random_windows(100, 1, 27000);
  const auto validation = [&](uint64_t seed) {
    return split_windows(windows, kLength, {SplitKind::random, 0.2, seed}).validation;
  };
  EXPECT_EQ(validation(1), validation(1));
  EXPECT_NE(validation(1), validation(2));
}

TEST(RandomSplit, EveryWindowValidatesEquallyOften) {
  const std::vector<Window> windows = random_windows(20, 1, 27000);
  std::vector<int> times(20, 0);
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    for (const int i :
         split_windows(windows, kLength, {SplitKind::random, 0.25, seed}).validation) {
      ++times[static_cast<size_t>(i)];
    }
  }
  for (const int n : times) EXPECT_NEAR(n, 500, 100);  // 5 standard deviations
}

TEST(GroupedSplit, PartsNoGroupAndComesNearTheFraction) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<Window> windows = random_windows(200, seed, 20000);
    const Groups groups = group_windows(windows, kLength);
    const Split split = split_windows(windows, kLength, {SplitKind::grouped, 0.2, seed});
    expect_partition(split, 200);
    EXPECT_EQ(split.groups, groups.count);
    EXPECT_TRUE(split.left_out.empty());
    EXPECT_TRUE(leaking_windows(split, windows, kLength).empty());
    EXPECT_EQ(sharing_pairs(split, windows), 0);
    for (const int t : split.train) {
      for (const int v : split.validation) {
        ASSERT_NE(groups.of[static_cast<size_t>(t)], groups.of[static_cast<size_t>(v)]);
      }
    }
    std::vector<int> size(static_cast<size_t>(groups.count), 0);
    for (const int group : groups.of) ++size[static_cast<size_t>(group)];
    const double largest = *std::max_element(size.begin(), size.end());
    EXPECT_NEAR(static_cast<double>(split.validation.size()), 40, largest / 2) << seed;
  }
}

TEST(GroupedSplit, LargeGroupsStillLeaveBothSidesSomething) {
  // Two groups of 9 and 1, then of 5 and 5: one of the fives is further from a tenth than none.
  std::vector<Window> windows;
  for (int i = 0; i < 9; ++i) windows.push_back(window(std::to_string(i), i));
  windows.push_back(window("9", 1000));
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const Split most = split_windows(windows, kLength, {SplitKind::grouped, 0.9, seed});
    EXPECT_FALSE(most.train.empty());
    EXPECT_FALSE(most.validation.empty());
    const Split few = split_windows(windows, kLength, {SplitKind::grouped, 0.1, seed});
    EXPECT_EQ(few.validation, std::vector<int>{9});
  }
  for (int i = 5; i < 9; ++i) windows[static_cast<size_t>(i)].first_row = 1000 + i;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const Split split = split_windows(windows, kLength, {SplitKind::grouped, 0.1, seed});
    EXPECT_EQ(split.validation.size(), 5u);
    EXPECT_EQ(split.train.size(), 5u);
  }
}

TEST(GroupedSplit, OneGroupCannotBeParted) {
  const std::vector<Window> windows{window("a", 0), window("b", 10), window("c", 20)};
  EXPECT_THROW(split_windows(windows, kLength, {SplitKind::grouped, 0.2, 1}), Error);
}

TEST(TimeSplit, LaterWindowsValidateAndShareNoBar) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<Window> windows = random_windows(200, seed, 20000);
    const Split split = split_windows(windows, kLength, {SplitKind::time, 0.2, 0});
    expect_partition(split, 200);
    EXPECT_EQ(sharing_pairs(split, windows), 0);
    EXPECT_GE(split.validation.size(), 40u);
    EXPECT_LE(split.validation.size(), 42u);  // windows that begin at the same row stay together
    EXPECT_LE(split.left_out.size(), 6u);
    int64_t latest_trained = 0, first_validated = INT64_MAX;
    for (const int i : split.train) {
      latest_trained = std::max(latest_trained, windows[static_cast<size_t>(i)].first_row);
    }
    for (const int i : split.validation) {
      first_validated = std::min(first_validated, windows[static_cast<size_t>(i)].first_row);
    }
    EXPECT_LE(latest_trained + kLength, first_validated);
  }
}

TEST(TimeSplit, WindowsOnTheBoundaryAreLeftOut) {
  const std::vector<Window> windows{window("a", 0), window("b", 51), window("c", 50),
                                    window("d", 100)};
  const Split split = split_windows(windows, kLength, {SplitKind::time, 0.25, 0});
  EXPECT_EQ(split.validation, std::vector<int>{3});
  EXPECT_EQ(split.train, (std::vector<int>{0, 2}));
  EXPECT_EQ(split.left_out, std::vector<int>{1});
}

TEST(TimeSplit, NothingLeftToTrainOnIsAnError) {
  const std::vector<Window> windows{window("a", 0), window("b", 10), window("c", 20)};
  EXPECT_THROW(split_windows(windows, kLength, {SplitKind::time, 0.3, 0}), Error);
}

TEST(AnySplit, WorksAtTheEdges) {
  for (const SplitKind kind : {SplitKind::random, SplitKind::grouped, SplitKind::time}) {
    EXPECT_THROW(split_windows({}, kLength, {kind, 0.2, 1}), Error);
    const std::vector<Window> two{window("a", 0), window("b", 500)};
    for (const double bad : {-0.1, 1.0, 1.5, static_cast<double>(NAN)}) {
      EXPECT_THROW(split_windows(two, kLength, {kind, bad, 1}), Error);
    }
    const Split one = split_windows({window("a", 0)}, kLength, {kind, 0.2, 1});
    EXPECT_EQ(one.train, std::vector<int>{0});
    EXPECT_TRUE(one.validation.empty());
    for (const double fraction : {0.001, 0.2, 0.5, 0.999}) {
      const Split split = split_windows(two, kLength, {kind, fraction, 1});
      EXPECT_EQ(split.train.size(), 1u);
      EXPECT_EQ(split.validation.size(), 1u);
    }
    const Split all = split_windows(two, kLength, {kind, 0.0, 1});
    EXPECT_EQ(all.train.size(), 2u);
    EXPECT_TRUE(all.validation.empty());
    EXPECT_EQ(all.groups, 2);
  }
}

TEST(AnySplit, DoesNotNeedLabelledWindows) {
  std::vector<Window> windows = random_windows(20, 1, 5000);
  for (Window& w : windows) w.spans.clear();
  EXPECT_EQ(split_windows(windows, kLength, {SplitKind::random, 0.2, 1}).validation.size(), 4u);
}

TEST(Leaks, AreThoseThatAPairwiseSearchFinds) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<Window> windows = random_windows(80, seed, 4000);
    const Split split = split_windows(windows, kLength, {SplitKind::random, 0.3, seed});
    std::vector<int> expected;
    for (const int v : split.validation) {
      const Window& a = windows[static_cast<size_t>(v)];
      if (std::any_of(split.train.begin(), split.train.end(), [&](int t) {
            const Window& b = windows[static_cast<size_t>(t)];
            return std::abs(a.first_row - b.first_row) < kLength || a.base_id == b.base_id;
          })) {
        expected.push_back(v);
      }
    }
    EXPECT_FALSE(expected.empty());
    EXPECT_EQ(leaking_windows(split, windows, kLength), expected);
  }
}

TEST(Leaks, OfTheReportedKindOfSplit) {
  const std::vector<Window> windows = read_windows(test::kWindows);
  const auto leaks = [&](SplitKind kind) {
    const Split split = split_windows(windows, kWindowLength, {kind, 0.2, 42});
    return leaking_windows(split, windows, kWindowLength).size();
  };
  EXPECT_GT(leaks(SplitKind::random), 20u);  // of 42
  EXPECT_EQ(leaks(SplitKind::grouped), 0u);
  EXPECT_EQ(leaks(SplitKind::time), 0u);
}

TEST(RandomSplit, ValidatesOnTheWindowsThatPyTorchDraws) {
  // torch.randperm(210, generator=torch.Generator().manual_seed(42))[168:], PyTorch 1.13.1
  const std::vector<int> want{146, 149, 185, 140, 106, 135, 141, 199, 204, 61,  11,  110, 0,   126,
                              30,  17,  55,  168, 122, 15,  24,  171, 90,  195, 50,  34,  91,  107,
                              51,  3,   20,  102, 165, 33,  35,  118, 197, 72,  145, 31,  101, 125};
  std::vector<Window> windows;
  for (int i = 0; i < 210; ++i) windows.push_back(window(std::to_string(i), 1000 * i));
  const Split split = split_windows(windows, kLength, {SplitKind::random, 0.2, 42});
  EXPECT_EQ(split.validation, want);
  EXPECT_TRUE(std::is_sorted(split.train.begin(), split.train.end()));
}

}  // namespace
}  // namespace spanlab
