// Groups against their definition.
#include "spanlab/windows/groups.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "spanlab/windows/window.h"
#include "tests/real_data.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::window;

TEST(Groups, SharedBarsJoinAndTouchingBarsDoNot) {
  const Groups groups = group_windows(
      {window("a", 0), window("b", 104), window("c", 209), window("d", 313), window("e", 1000)},
      105);
  EXPECT_EQ(groups.of, (std::vector<int>{0, 0, 1, 1, 2}));
  EXPECT_EQ(groups.count, 3);
}

TEST(Groups, OrderOfTheFileDoesNotMatter) {
  const Groups groups = group_windows(
      {window("c", 900), window("b", 150), window("a", 0), window("d", 80), window("e", 960)}, 105);
  EXPECT_EQ(groups.of, (std::vector<int>{0, 1, 1, 1, 0}));
}

TEST(Groups, SharedBaseWindowJoins) {
  std::vector<Window> windows{window("a", 0), window("b", 1000), window("a_+500", 500)};
  windows[2].base_id = windows[0].id;
  EXPECT_EQ(group_windows(windows, 105).of, (std::vector<int>{0, 1, 0}));
}

TEST(Groups, NoWindowNoGroup) {
  EXPECT_EQ(group_windows({}, 105).count, 0);
  EXPECT_EQ(group_windows({window("a", 7)}, 105).count, 1);
}

TEST(Groups, AreTheConnectedPartsOfTheSharingGraph) {
  RandomStream random(1, Purpose::market);
  for (int round = 0; round < 100; ++round) {
    std::vector<Window> windows;
    for (int i = 0; i < 40; ++i) {
      windows.push_back(window(std::to_string(i), static_cast<int64_t>(random.below(3000))));
      if (random.uniform() < 0.2) windows.back().base_id = std::to_string(random.below(40));
    }
    const auto touch = [&](size_t a, size_t b) {
      return std::abs(windows[a].first_row - windows[b].first_row) < 50 ||
             windows[a].base_id == windows[b].base_id;
    };
    // Spread the lowest index through the graph until nothing changes.
    std::vector<size_t> part(windows.size());
    for (size_t i = 0; i < part.size(); ++i) part[i] = i;
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t a = 0; a < part.size(); ++a) {
        for (size_t b = 0; b < part.size(); ++b) {
          if (!touch(a, b) || part[b] <= part[a]) continue;
          part[b] = part[a];
          changed = true;
        }
      }
    }
    const Groups groups = group_windows(windows, 50);
    for (size_t a = 0; a < part.size(); ++a) {
      for (size_t b = 0; b < part.size(); ++b) {
        ASSERT_EQ(groups.of[a] == groups.of[b], part[a] == part[b]);
      }
    }
  }
}

TEST(Groups, ReferenceWindowsHave80) {
  EXPECT_EQ(group_windows(read_windows(test::kWindows), kWindowLength).count, 80);
}

}  // namespace
}  // namespace spanlab
