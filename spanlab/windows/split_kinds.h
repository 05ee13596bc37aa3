// The kinds of splits that split_windows() calls, and what they share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "spanlab/windows/groups.h"
#include "spanlab/windows/split.h"

namespace spanlab {

inline std::vector<int> numbers_below(int n) {
  std::vector<int> numbers(static_cast<size_t>(n));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

/// The windows' indices by first row, equal ones as they stand.
inline std::vector<int> in_time(const std::vector<Window>& windows) {
  std::vector<int> order = numbers_below(static_cast<int>(windows.size()));
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return windows[static_cast<size_t>(a)].first_row < windows[static_cast<size_t>(b)].first_row;
  });
  return order;
}

/// `wanted`: windows that should validate, 1 .. windows - 1.
void split_grouped(const Groups& groups, int wanted, uint64_t seed, Split& split);
void split_by_time(const std::vector<Window>& windows, int length, int wanted, Split& split);

void split_kfold(const std::vector<Window>& windows, int length, const Groups& groups,
                 const SplitSettings& settings, Split& split);
void split_purged(const std::vector<Window>& windows, int length, const SplitSettings& settings,
                  Split& split);
void split_walk_forward(const std::vector<Window>& windows, int length,
                        const SplitSettings& settings, Split& split);

}  // namespace spanlab
