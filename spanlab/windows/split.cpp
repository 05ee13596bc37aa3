// Chooses the kind of split, draws the random one, and looks for leaks between the two sides.
#include "spanlab/windows/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <string_view>
#include <unordered_set>

#include "spanlab/base/error.h"
#include "spanlab/windows/groups.h"
#include "spanlab/windows/split_kinds.h"

namespace spanlab {
namespace {

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

bool has_folds(SplitKind kind) {
  return kind == SplitKind::kfold || kind == SplitKind::purged || kind == SplitKind::walk_forward;
}

void check(const SplitSettings& settings) {
  const auto require = [](bool fine, const std::string& what, const char* hint) {
    if (!fine) throw Error("splitting windows: " + what, hint);
  };
  require(settings.validation >= 0.0 && settings.validation < 1.0,
          fmt::format("the validation fraction {} is out of range", settings.validation),
          "give a fraction from 0 to below 1");
  if (!has_folds(settings.kind)) return;
  require(settings.folds >= 2, fmt::format("the number of folds, {}, is too small", settings.folds),
          "give 2 folds or more");
  require(settings.fold >= 0 && settings.fold < settings.folds,
          fmt::format("there is no fold {} among {}", settings.fold, settings.folds),
          "folds count from 0; the last one is the number of folds less 1");
  require(settings.embargo >= 0, fmt::format("the embargo {} is negative", settings.embargo),
          "give 0 bars for none");
}

}  // namespace

Split split_windows(const std::vector<Window>& windows, int length, const SplitSettings& settings) {
  if (windows.empty()) throw Error("there are no windows to split", "label some windows first");
  check(settings);
  const Groups groups = group_windows(windows, length);
  Split split;
  split.groups = groups.count;
  const auto n = static_cast<int>(windows.size());
  if (!has_folds(settings.kind) && (n == 1 || settings.validation == 0.0)) {
    split.train = numbers_below(n);
    return split;
  }
  const int wanted =
      std::clamp(static_cast<int>(std::lround(settings.validation * n)), 1, std::max(n - 1, 1));
  switch (settings.kind) {
    case SplitKind::random:
      split_random(n, wanted, settings.seed, split);
      break;
    case SplitKind::grouped:
      split_grouped(groups, wanted, settings.seed, split);
      break;
    case SplitKind::time:
      split_by_time(windows, length, wanted, split);
      break;
    case SplitKind::kfold:
      split_kfold(windows, length, groups, settings, split);
      break;
    case SplitKind::purged:
      split_purged(windows, length, settings, split);
      break;
    case SplitKind::walk_forward:
      split_walk_forward(windows, length, settings, split);
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
    // The first training window that ends inside or after this one.
    const auto near = std::upper_bound(rows.begin(), rows.end(), window.first_row - length);
    const bool shares_bars = near != rows.end() && *near - window.first_row < length;
    if (shares_bars || bases.contains(window.base_id)) leaking.push_back(i);
  }
  return leaking;
}

}  // namespace spanlab
