// Union-find over windows sorted by first row: a window that overlaps any other overlaps its
// neighbour there.
#include "spanlab/windows/groups.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace spanlab {
namespace {

class UnionFind {
 public:
  explicit UnionFind(size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0); }

  size_t find(size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void unite(size_t a, size_t b) { parent_[find(a)] = find(b); }

 private:
  std::vector<size_t> parent_;
};

}  // namespace

Groups group_windows(const std::vector<Window>& windows, int length) {
  UnionFind sets(windows.size());
  std::vector<size_t> by_row(windows.size());
  std::iota(by_row.begin(), by_row.end(), 0);
  std::sort(by_row.begin(), by_row.end(),
            [&](size_t a, size_t b) { return windows[a].first_row < windows[b].first_row; });
  for (size_t k = 1; k < by_row.size(); ++k) {
    const size_t a = by_row[k - 1], b = by_row[k];
    if (windows[b].first_row - windows[a].first_row < length) sets.unite(a, b);
  }
  std::unordered_map<std::string_view, size_t> base;  // a window of each base id
  for (size_t i = 0; i < windows.size(); ++i) {
    sets.unite(i, base.try_emplace(windows[i].base_id, i).first->second);
  }

  Groups groups;
  std::unordered_map<size_t, int> number;  // of each set
  for (size_t i = 0; i < windows.size(); ++i) {
    groups.of.push_back(number.try_emplace(sets.find(i), groups.count).first->second);
    groups.count = static_cast<int>(number.size());
  }
  return groups;
}

}  // namespace spanlab
