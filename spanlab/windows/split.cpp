// Three ways to choose the validation windows, and the check for leaks between the two sides.
#include "spanlab/windows/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <span>
#include <string_view>
#include <unordered_set>

#include "spanlab/base/error.h"
#include "spanlab/base/random.h"
#include "spanlab/windows/groups.h"

namespace spanlab {
namespace {

std::vector<int> numbers_below(int n) {
  std::vector<int> numbers(static_cast<size_t>(n));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

std::vector<int> shuffled(int n, uint64_t seed) {
  std::vector<int> order = numbers_below(n);
  RandomStream(seed, Purpose::split).shuffle(std::span(order));
  return order;
}

// `held_out`: [N] which windows validate.
void assign(const std::vector<bool>& held_out, Split& split) {
  for (size_t i = 0; i < held_out.size(); ++i) {
    (held_out[i] ? split.validation : split.train).push_back(static_cast<int>(i));
  }
}

// The order of torch.randperm(n, generator=torch.Generator().manual_seed(seed)): validation takes
// its end. So a run here and one in PyTorch validate on the same windows.
std::vector<int> torch_permutation(int n, uint64_t seed) {
  std::mt19937 generator(static_cast<std::mt19937::result_type>(seed));
  std::vector<int> order = numbers_below(n);
  for (size_t i = 0; i + 1 < order.size(); ++i) {
    const size_t skip = generator() % (order.size() - i);
    std::swap(order[i], order[i + skip]);
  }
  return order;
}

void split_random(int n, int wanted, uint64_t seed, Split& split) {
  const std::vector<int> order = torch_permutation(n, seed);
  split.train.assign(order.begin(), order.end() - wanted);
  std::sort(split.train.begin(), split.train.end());
  split.validation.assign(order.end() - wanted, order.end());
}

// Takes groups in random order, each if it brings the number of windows nearer to the wanted one.
void split_grouped(const Groups& groups, int wanted, uint64_t seed, Split& split) {
  if (groups.count < 2) {
    throw Error(fmt::format("all {} windows share bars or base windows: they are one group, which "
                            "a grouped split cannot part",
                            groups.of.size()),
                "label windows that lie further apart, or split at random or by time");
  }
  std::vector<int> size(static_cast<size_t>(groups.count), 0);
  for (const int group : groups.of) ++size[static_cast<size_t>(group)];
  std::vector<bool> chosen(size.size(), false);
  int windows = 0, taken = 0;
  const std::vector<int> order = shuffled(groups.count, seed);
  for (const int group : order) {
    const int more = windows + size[static_cast<size_t>(group)];
    if (std::abs(more - wanted) >= std::abs(windows - wanted)) continue;
    if (taken + 1 == groups.count) break;  // one group must train
    chosen[static_cast<size_t>(group)] = true;
    windows = more;
    ++taken;
  }
  // Every group alone may be too large to come nearer: then the smallest one validates.
  if (taken == 0) {
    const auto smallest = std::min_element(size.begin(), size.end()) - size.begin();
    chosen[static_cast<size_t>(smallest)] = true;
  }
  std::vector<bool> held_out(groups.of.size());
  for (size_t i = 0; i < held_out.size(); ++i) {
    held_out[i] = chosen[static_cast<size_t>(groups.of[i])];
  }
  assign(held_out, split);
}

void split_by_time(const std::vector<Window>& windows, int length, int wanted, Split& split) {
  const auto first_row = [&](int i) { return windows[static_cast<size_t>(i)].first_row; };
  std::vector<int> order = numbers_below(static_cast<int>(windows.size()));
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return first_row(a) < first_row(b); });
  const int64_t boundary = first_row(order[order.size() - static_cast<size_t>(wanted)]);
  for (const int i : numbers_below(static_cast<int>(windows.size()))) {
    const bool late = first_row(i) >= boundary;
    const bool early = boundary - first_row(i) >= length;
    (late ? split.validation : early ? split.train : split.left_out).push_back(i);
  }
  if (split.train.empty()) {
    throw Error(fmt::format("every window before row {} shares bars with the {} validation windows "
                            "behind it: no window is left to train on",
                            boundary, split.validation.size()),
                "label windows that lie further apart, lower the validation fraction, or split at "
                "random");
  }
}

}  // namespace

Split split_windows(const std::vector<Window>& windows, int length, SplitKind kind,
                    double validation, uint64_t seed) {
  if (windows.empty()) throw Error("there are no windows to split", "label some windows first");
  if (!(validation >= 0.0 && validation < 1.0)) {
    throw Error(fmt::format("the validation fraction {} is out of range", validation),
                "give a fraction from 0 to below 1");
  }
  const Groups groups = group_windows(windows, length);
  Split split;
  split.groups = groups.count;
  const auto n = static_cast<int>(windows.size());
  if (n == 1 || validation == 0.0) {
    split.train = numbers_below(n);
    return split;
  }
  const int wanted = std::clamp(static_cast<int>(std::lround(validation * n)), 1, n - 1);
  switch (kind) {
    case SplitKind::random:
      split_random(n, wanted, seed, split);
      break;
    case SplitKind::grouped:
      split_grouped(groups, wanted, seed, split);
      break;
    case SplitKind::time:
      split_by_time(windows, length, wanted, split);
      break;
  }
  return split;
}

std::vector<int> leaking_windows(const Split& split, const std::vector<Window>& windows,
                                 int length) {
  std::vector<int64_t> rows;  // first rows of the training windows, ascending
  std::unordered_set<std::string_view> bases;
  for (const int i : split.train) {
    rows.push_back(windows[static_cast<size_t>(i)].first_row);
    bases.insert(windows[static_cast<size_t>(i)].base_id);
  }
  std::sort(rows.begin(), rows.end());
  std::vector<int> leaking;
  for (const int i : split.validation) {
    const Window& window = windows[static_cast<size_t>(i)];
    // The first training window that ends inside or behind this one.
    const auto near = std::upper_bound(rows.begin(), rows.end(), window.first_row - length);
    const bool shares_bars = near != rows.end() && *near - window.first_row < length;
    if (shares_bars || bases.contains(window.base_id)) leaking.push_back(i);
  }
  return leaking;
}

}  // namespace spanlab
