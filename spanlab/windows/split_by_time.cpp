// Splits in time: the latest windows validate, or a block of them, purged of overlapping windows.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/windows/split_kinds.h"

namespace spanlab {
namespace {

// A block of windows that validates.
struct Block {
  std::vector<int> windows;  // by first row
  BarRange rows;             // from its first window's first to its last one's last
  std::unordered_set<std::string_view> bases;
};

// Block `number` of `count`, of the windows by first row.
Block block_of(const std::vector<Window>& windows, int length, int number, int count) {
  const std::vector<int> order = in_time(windows);
  const auto n = static_cast<int64_t>(order.size());
  if (n < count) {
    throw Error(fmt::format("{} cannot be cut into {} in time", counted(n, "window"),
                            counted(count, "block")),
                "use fewer folds, or label more windows");
  }
  Block block;
  block.windows.assign(order.begin() + n * number / count,
                       order.begin() + n * (number + 1) / count);
  block.rows = {windows[static_cast<size_t>(block.windows.front())].first_row,
                windows[static_cast<size_t>(block.windows.back())].rows(length).end};
  for (const int i : block.windows) block.bases.insert(windows[static_cast<size_t>(i)].base_id);
  return block;
}

void require_training(const Split& split, const Block& block, const SplitSettings& settings) {
  if (!split.train.empty()) return;
  throw Error(fmt::format("the {} validation windows of fold {} (rows {} to {}) with an embargo of "
                          "{} leave no training window",
                          split.validation.size(), settings.fold, block.rows.begin,
                          block.rows.end - 1, counted(settings.embargo, "bar")),
              "lower the embargo, use more folds, or label windows that are further apart");
}

}  // namespace

void split_by_time(const std::vector<Window>& windows, int length, int wanted, Split& split) {
  const auto first_row = [&](int i) { return windows[static_cast<size_t>(i)].first_row; };
  const std::vector<int> order = in_time(windows);
  const int64_t boundary = first_row(order[order.size() - static_cast<size_t>(wanted)]);
  for (const int i : numbers_below(static_cast<int>(windows.size()))) {
    const bool late = first_row(i) >= boundary;
    const bool early = boundary - first_row(i) >= length;
    (late ? split.validation : early ? split.train : split.left_out).push_back(i);
  }
  split.purged = static_cast<int>(split.left_out.size());
  if (split.train.empty()) {
    throw Error(
        fmt::format("every window before row {} shares bars with the {} validation windows after "
                    "it, so no training window is left",
                    boundary, split.validation.size()),
        "label windows that are further apart, lower the validation fraction, or split at random");
  }
}

void split_purged(const std::vector<Window>& windows, int length, const SplitSettings& settings,
                  Split& split) {
  const Block block = block_of(windows, length, settings.fold, settings.folds);
  split.validation = block.windows;
  std::sort(split.validation.begin(), split.validation.end());
  for (int i = 0; i < static_cast<int>(windows.size()); ++i) {
    if (std::binary_search(split.validation.begin(), split.validation.end(), i)) continue;
    const Window& window = windows[static_cast<size_t>(i)];
    const bool before = window.rows(length).end <= block.rows.begin;
    const bool behind = window.first_row >= block.rows.end + settings.embargo;
    const bool apart = (before || behind) && !block.bases.contains(window.base_id);
    (apart ? split.train : split.left_out).push_back(i);
  }
  split.purged = static_cast<int>(split.left_out.size());
  require_training(split, block, settings);
}

void split_walk_forward(const std::vector<Window>& windows, int length,
                        const SplitSettings& settings, Split& split) {
  const Block block = block_of(windows, length, settings.fold + 1, settings.folds + 1);
  split.validation = block.windows;
  const std::vector<int> order = in_time(windows);
  const auto block_start = std::find(order.begin(), order.end(), block.windows.front());
  const auto block_end = block_start + static_cast<std::ptrdiff_t>(block.windows.size());
  for (auto i = order.begin(); i < block_start; ++i) {
    const Window& window = windows[static_cast<size_t>(*i)];
    const bool apart = window.rows(length).end + settings.embargo <= block.rows.begin &&
                       !block.bases.contains(window.base_id);
    (apart ? split.train : split.left_out).push_back(*i);
  }
  split.purged = static_cast<int>(split.left_out.size());
  split.left_out.insert(split.left_out.end(), block_end, order.end());
  for (auto* list : {&split.train, &split.validation, &split.left_out}) {
    std::sort(list->begin(), list->end());
  }
  require_training(split, block, settings);
}

}  // namespace spanlab
