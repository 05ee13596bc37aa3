// Splits by folds: k-fold over groups, purged blocks, walking forward.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "spanlab/windows/groups.h"
#include "spanlab/windows/split.h"
#include "spanlab/windows/window.h"
#include "tests/expect_error.h"
#include "tests/real_data.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::window;

constexpr int kLength = 50;
constexpr std::array kFoldKinds = {SplitKind::kfold, SplitKind::purged, SplitKind::walk_forward};

const Window& at(const std::vector<Window>& windows, int i) {
  return windows[static_cast<size_t>(i)];
}

// Windows with spans of 0 (no label) to 14 bars; some have another window's base id.
std::vector<Window> random_windows(int count, uint64_t seed, uint64_t rows) {
  RandomStream random(seed, Purpose::market);
  std::vector<Window> windows;
  for (int i = 0; i < count; ++i) {
    const int bars = static_cast<int>(random.below(15));
    windows.push_back(
        window(std::to_string(i), static_cast<int64_t>(random.below(rows)), 10, 9 + bars));
    if (bars == 0) windows.back().spans.clear();
    if (i > 0 && random.uniform() < 0.05) {
      windows.back().base_id = std::to_string(random.below(static_cast<uint64_t>(i)));
    }
  }
  return windows;
}

int64_t labelled_bars(const std::vector<Window>& windows, const std::vector<int>& chosen) {
  int64_t bars = 0;
  for (const int i : chosen) {
    if (at(windows, i).spans.empty()) continue;
    bars += at(windows, i).spans.front().end - at(windows, i).spans.front().start + 1;
  }
  return bars;
}

// Every window is in one list, the lists ascend, and no bar or base window is on both sides.
void expect_clean(const Split& split, const std::vector<Window>& windows) {
  std::vector<int> all;
  for (const auto* list : {&split.train, &split.validation, &split.left_out}) {
    EXPECT_TRUE(std::is_sorted(list->begin(), list->end()));
    all.insert(all.end(), list->begin(), list->end());
  }
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), windows.size());
  for (size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], static_cast<int>(i));
  ASSERT_FALSE(split.train.empty());
  ASSERT_FALSE(split.validation.empty());
  for (const int t : split.train) {
    for (const int v : split.validation) {
      const Window &a = at(windows, t), &b = at(windows, v);
      ASSERT_GE(std::abs(a.first_row - b.first_row), kLength);
      ASSERT_NE(a.base_id, b.base_id);
    }
  }
}

TEST(FoldSplits, ShareNoBarAndNoBaseWindow) {
  for (const SplitKind kind : kFoldKinds) {
    for (uint64_t seed = 0; seed < 10; ++seed) {
      const std::vector<Window> windows = random_windows(120, seed, 20000);
      for (int fold = 0; fold < 4; ++fold) {
        const Split split =
            split_windows(windows, kLength,
                          {.kind = kind, .seed = seed, .folds = 4, .fold = fold, .embargo = 30});
        expect_clean(split, windows);
        EXPECT_TRUE(leaking_windows(split, windows, kLength).empty());
      }
    }
  }
}

TEST(FoldSplits, EveryWindowValidatesOnce) {
  const std::vector<Window> windows = random_windows(120, 3, 20000);
  for (const SplitKind kind : {SplitKind::kfold, SplitKind::purged}) {
    for (const int folds : {2, 3, 7}) {
      std::vector<int> times(windows.size(), 0);
      for (int fold = 0; fold < folds; ++fold) {
        const Split split =
            split_windows(windows, kLength, {.kind = kind, .folds = folds, .fold = fold});
        for (const int i : split.validation) ++times[static_cast<size_t>(i)];
      }
      EXPECT_EQ(times, std::vector<int>(windows.size(), 1));
    }
  }
}

TEST(KFold, LeavesNothingOutAndPartsNoGroup) {
  const std::vector<Window> windows = random_windows(120, 5, 8000);
  const Groups groups = group_windows(windows, kLength);
  const Split split = split_windows(windows, kLength, {.kind = SplitKind::kfold, .fold = 2});
  EXPECT_TRUE(split.left_out.empty());
  EXPECT_EQ(split.purged, 0);
  EXPECT_EQ(split.groups, groups.count);
  for (const int t : split.train) {
    for (const int v : split.validation) {
      ASSERT_NE(groups.of[static_cast<size_t>(t)], groups.of[static_cast<size_t>(v)]);
    }
  }
}

TEST(KFold, BalancesLabelledBars) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<Window> windows = random_windows(200, seed, 40000);
    for (int fold = 0; fold < 5; ++fold) {
      const Split split = split_windows(
          windows, kLength, {.kind = SplitKind::kfold, .seed = seed, .folds = 5, .fold = fold});
      const double share = static_cast<double>(labelled_bars(windows, split.validation)) /
                           static_cast<double>(labelled_bars(windows, split.train) +
                                               labelled_bars(windows, split.validation));
      EXPECT_NEAR(share, 0.2, 0.02);  // at random the standard deviation would be 0.03
      EXPECT_NEAR(static_cast<double>(split.validation.size()), 40, 4);
    }
  }
}

TEST(KFold, SeparatesTheFewLabelledWindows) {
  // Four labelled windows among twenty, four folds: one each, whatever the seed.
  std::vector<Window> windows;
  for (int i = 0; i < 20; ++i) {
    windows.push_back(window(std::to_string(i), 1000 * i));
    if (i >= 4) windows.back().spans.clear();
  }
  for (uint64_t seed = 0; seed < 20; ++seed) {
    for (int fold = 0; fold < 4; ++fold) {
      const Split split = split_windows(
          windows, kLength, {.kind = SplitKind::kfold, .seed = seed, .folds = 4, .fold = fold});
      EXPECT_EQ(labelled_bars(windows, split.validation), 5);
      EXPECT_EQ(split.validation.size(), 5u);
    }
  }
}

TEST(KFold, OtherSeedsGiveOtherFoldsAndFurtherSpansDoNot) {
  std::vector<Window> windows = random_windows(60, 1, 20000);
  const auto validation = [&](uint64_t seed) {
    return split_windows(windows, kLength, {.kind = SplitKind::kfold, .seed = seed}).validation;
  };
  const std::vector<int> first = validation(1);
  EXPECT_EQ(validation(1), first);
  EXPECT_NE(validation(2), first);
  for (Window& w : windows) {
    if (!w.spans.empty()) w.spans.push_back({30, 49, SpanType::retracement});
  }
  EXPECT_EQ(validation(1), first);
}

TEST(KFold, UnevenGroupsStillFillEveryFold) {
  std::vector<Window> windows;
  for (int i = 0; i < 30; ++i) windows.push_back(window(std::to_string(i), i));  // one group
  for (int i = 30; i < 34; ++i) {
    windows.push_back(window(std::to_string(i), 1000 * i, 0, i % 2 ? 49 : 0));
  }
  for (int fold = 0; fold < 5; ++fold) {
    const Split split =
        split_windows(windows, kLength, {.kind = SplitKind::kfold, .folds = 5, .fold = fold});
    EXPECT_TRUE(split.validation.size() == 30 || split.validation.size() == 1);
  }
}

TEST(KFold, WorksWithoutLabels) {
  std::vector<Window> windows = random_windows(50, 1, 50000);
  for (Window& w : windows) w.spans.clear();
  const Split split = split_windows(windows, kLength, {.kind = SplitKind::kfold});
  EXPECT_NEAR(static_cast<double>(split.validation.size()), 10, 2);
}

// Windows "0", "1", ... at these rows.
std::vector<Window> windows_at(const std::vector<int64_t>& rows) {
  std::vector<Window> windows;
  for (const int64_t row : rows) windows.push_back(window(std::to_string(windows.size()), row));
  return windows;
}

TEST(Purged, DropsNeighboursOfTheBlockAndTheEmbargoBehindIt) {
  // The block of fold 1 of 3 is rows 200 to 299 and the window behind it begins at 300.
  const std::vector<Window> windows = windows_at({0, 151, 150, 200, 250, 230, 299, 300, 329, 400});
  const auto split = [&](int embargo) {
    return split_windows(windows, kLength,
                         {.kind = SplitKind::purged, .folds = 3, .fold = 1, .embargo = embargo});
  };
  const std::vector<int> block{3, 4, 5};
  for (const int embargo : {0, 29, 30, 100, 101}) EXPECT_EQ(split(embargo).validation, block);
  EXPECT_EQ(split(0).train, (std::vector<int>{0, 2, 7, 8, 9}));
  EXPECT_EQ(split(0).left_out, (std::vector<int>{1, 6}));
  EXPECT_EQ(split(0).purged, 2);
  EXPECT_EQ(split(29).train, (std::vector<int>{0, 2, 8, 9}));
  EXPECT_EQ(split(30).train, (std::vector<int>{0, 2, 9}));
  EXPECT_EQ(split(100).train, (std::vector<int>{0, 2, 9}));
  EXPECT_EQ(split(101).train, (std::vector<int>{0, 2}));
  EXPECT_EQ(split(101).purged, 5);
}

TEST(Purged, DropsWindowsOfTheSameBase) {
  std::vector<Window> windows = windows_at({0, 1000, 2000, 3000});
  windows[0].base_id = "2";
  const Split split =
      split_windows(windows, kLength, {.kind = SplitKind::purged, .folds = 4, .fold = 2});
  EXPECT_EQ(split.validation, std::vector<int>{2});
  EXPECT_EQ(split.left_out, std::vector<int>{0});
}

TEST(WalkForward, TrainsOnWhatCameBefore) {
  const std::vector<Window> windows = windows_at({500, 400, 300, 200, 100, 0});
  const auto split = [&](int fold, int embargo) {
    return split_windows(
        windows, kLength,
        {.kind = SplitKind::walk_forward, .folds = 2, .fold = fold, .embargo = embargo});
  };
  EXPECT_EQ(split(0, 0).train, (std::vector<int>{4, 5}));
  EXPECT_EQ(split(0, 0).validation, (std::vector<int>{2, 3}));
  EXPECT_EQ(split(0, 0).left_out, (std::vector<int>{0, 1}));
  EXPECT_EQ(split(0, 0).purged, 0);  // later, not purged
  EXPECT_EQ(split(1, 0).train, (std::vector<int>{2, 3, 4, 5}));
  EXPECT_EQ(split(1, 0).validation, (std::vector<int>{0, 1}));
  EXPECT_EQ(split(1, 50).train, (std::vector<int>{2, 3, 4, 5}));
  EXPECT_EQ(split(1, 51).train, (std::vector<int>{3, 4, 5}));
  EXPECT_EQ(split(1, 51).purged, 1);
}

TEST(WalkForward, ValidationComesLaterInEveryFold) {
  const std::vector<Window> windows = random_windows(120, 9, 20000);
  int64_t before = -1;
  for (int fold = 0; fold < 4; ++fold) {
    const Split split =
        split_windows(windows, kLength,
                      {.kind = SplitKind::walk_forward, .folds = 4, .fold = fold, .embargo = 60});
    EXPECT_EQ(split.validation.size(), 24u);
    int64_t trained = 0, validated = INT64_MAX;
    for (const int i : split.train) trained = std::max(trained, at(windows, i).first_row);
    for (const int i : split.validation) validated = std::min(validated, at(windows, i).first_row);
    EXPECT_GE(validated, trained + kLength + 60);
    EXPECT_GT(validated, before);
    before = validated;
  }
}

TEST(FoldSplits, ImpossibleSettingsAreErrors) {
  const std::vector<Window> windows = windows_at({0, 1000, 2000, 2010});
  const auto refuse = [&](SplitSettings settings, const char* said) {
    expect_error([&] { split_windows(windows, kLength, settings); }, {said});
  };
  for (const SplitKind kind : kFoldKinds) {
    refuse({.kind = kind, .folds = 1}, "the number of folds, 1, is too small");
    refuse({.kind = kind, .folds = 3, .fold = 3}, "no fold 3 among 3");
    refuse({.kind = kind, .folds = 3, .fold = -1}, "no fold -1 among 3");
    refuse({.kind = kind, .embargo = -1}, "embargo -1 is negative");
    expect_error([&] { split_windows({}, kLength, {.kind = kind}); }, {"no windows"});
  }
  refuse({.kind = SplitKind::kfold, .folds = 4}, "3 groups");
  refuse({.kind = SplitKind::purged, .folds = 5}, "4 windows cannot be cut into 5 blocks");
  refuse({.kind = SplitKind::walk_forward, .folds = 4}, "4 windows cannot be cut into 5 blocks");
  refuse({.kind = SplitKind::purged, .folds = 2, .fold = 0, .embargo = 961},
         "leave no training window");
  refuse({.kind = SplitKind::walk_forward, .folds = 3, .fold = 0, .embargo = 951},
         "leave no training window");
}

TEST(FoldSplits, OfTheReferenceWindows) {
  const std::vector<Window> windows = read_windows(test::kWindows);
  for (int fold = 0; fold < 5; ++fold) {
    const Split split =
        split_windows(windows, kWindowLength, {.kind = SplitKind::kfold, .fold = fold});
    EXPECT_EQ(split.groups, 80);
    EXPECT_NEAR(static_cast<double>(labelled_bars(windows, split.validation)), 1352 / 5.0, 10);
    EXPECT_NEAR(static_cast<double>(split.validation.size()), 42, 3);
    EXPECT_TRUE(leaking_windows(split, windows, kWindowLength).empty());
  }
}

}  // namespace
}  // namespace spanlab
