// Splits that keep groups whole: one random draw, or folds with similar numbers of labelled bars.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <span>

#include "spanlab/base/error.h"
#include "spanlab/base/random.h"
#include "spanlab/base/text.h"
#include "spanlab/windows/split_kinds.h"

namespace spanlab {
namespace {

std::vector<int> shuffled(int n, uint64_t seed, Purpose purpose) {
  std::vector<int> order = numbers_below(n);
  RandomStream(seed, purpose).shuffle(std::span(order));
  return order;
}

// `held_out`: [N] which windows validate.
void assign(const std::vector<bool>& held_out, Split& split) {
  for (size_t i = 0; i < held_out.size(); ++i) {
    (held_out[i] ? split.validation : split.train).push_back(static_cast<int>(i));
  }
}

// Bars outside and inside of labelled spans.
using ClassBars = std::array<double, 2>;

// [groups] of all windows in each group. Labelled spans only: the folds must not depend on whether
// a spans file adds further ones.
std::vector<ClassBars> bars_of_groups(const std::vector<Window>& windows, int length,
                                      const Groups& groups) {
  std::vector<ClassBars> bars(static_cast<size_t>(groups.count), ClassBars{});
  for (size_t i = 0; i < windows.size(); ++i) {
    const std::vector<WindowSpan>& spans = windows[i].spans;
    const int inside = spans.empty() ? 0 : spans.front().length();
    ClassBars& of_group = bars[static_cast<size_t>(groups.of[i])];
    of_group[0] += length - inside;
    of_group[1] += inside;
  }
  return bars;
}

double deviation(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double sum = 0;
  for (const double v : values) sum += (v - mean) * (v - mean);
  return std::sqrt(sum / n);
}

// How uneven the folds are: the standard deviation of their shares of a class, mean over classes.
double unevenness(const std::vector<ClassBars>& folds, const ClassBars& all) {
  double sum = 0;
  std::vector<double> share(folds.size());
  for (size_t c = 0; c < all.size(); ++c) {
    if (all[c] == 0) continue;  // of no use for any choice
    for (size_t f = 0; f < folds.size(); ++f) share[f] = folds[f][c] / all[c];
    sum += deviation(share);
  }
  return sum / static_cast<double>(all.size());
}

// The fold that a group makes the folds most even in; of equally good ones the smaller one, then
// the first. `only_empty`: there are no more groups than empty folds.
size_t best_fold(std::vector<ClassBars>& folds, const ClassBars& group, const ClassBars& all,
                 bool only_empty) {
  constexpr double kSame = 1e-9;  // shares are sums of fractions, rounded
  size_t best = folds.size();
  double least = 0, least_bars = 0;
  for (size_t f = 0; f < folds.size(); ++f) {
    const double bars = folds[f][0] + folds[f][1];
    if (only_empty && bars > 0) continue;
    const ClassBars before = folds[f];
    folds[f] = {before[0] + group[0], before[1] + group[1]};
    const double uneven = unevenness(folds, all);
    folds[f] = before;
    const bool better = uneven < least - kSame;
    const bool as_good = std::abs(uneven - least) <= kSame;
    if (best < folds.size() && !better && !(as_good && bars < least_bars)) continue;
    best = f;
    least = uneven;
    least_bars = bars;
  }
  return best;
}

// [groups] the fold of each. The groups that differ most between the classes choose first; groups
// alike come in random order.
std::vector<size_t> folds_of_groups(const std::vector<ClassBars>& groups,
                                    const SplitSettings& settings) {
  const auto spread = [&](int g) {
    const ClassBars& bars = groups[static_cast<size_t>(g)];
    return std::abs(bars[0] - bars[1]);
  };
  std::vector<int> order = shuffled(static_cast<int>(groups.size()), settings.seed, Purpose::folds);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return spread(a) > spread(b); });
  ClassBars all{};
  for (const ClassBars& bars : groups) all = {all[0] + bars[0], all[1] + bars[1]};

  std::vector<ClassBars> folds(static_cast<size_t>(settings.folds), ClassBars{});
  std::vector<size_t> fold_of(groups.size());
  size_t empty = folds.size(), left = groups.size();
  for (const int g : order) {
    const ClassBars& bars = groups[static_cast<size_t>(g)];
    const size_t fold = best_fold(folds, bars, all, left <= empty);
    empty -= folds[fold][0] + folds[fold][1] == 0;
    --left;
    folds[fold] = {folds[fold][0] + bars[0], folds[fold][1] + bars[1]};
    fold_of[static_cast<size_t>(g)] = fold;
  }
  return fold_of;
}

}  // namespace

// Takes groups in random order, each if it brings the number of windows nearer to the wanted one.
void split_grouped(const Groups& groups, int wanted, uint64_t seed, Split& split) {
  if (groups.count < 2) {
    throw Error(
        fmt::format(
            "all {} windows share bars or base windows: they form one group, which cannot be split",
            groups.of.size()),
        "label windows that are further apart, or split at random or by time");
  }
  std::vector<int> size(static_cast<size_t>(groups.count), 0);
  for (const int group : groups.of) ++size[static_cast<size_t>(group)];
  std::vector<bool> chosen(size.size(), false);
  int windows = 0, taken = 0;
  const std::vector<int> order = shuffled(groups.count, seed, Purpose::split);
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

void split_kfold(const std::vector<Window>& windows, int length, const Groups& groups,
                 const SplitSettings& settings, Split& split) {
  if (groups.count < settings.folds) {
    throw Error(
        fmt::format("the windows form {} that share no bars or base windows: too few for {}",
                    counted(groups.count, "group"), counted(settings.folds, "fold")),
        "use fewer folds, split by time instead (split.kind purged), or label windows that "
        "are further apart");
  }
  const std::vector<size_t> fold_of =
      folds_of_groups(bars_of_groups(windows, length, groups), settings);
  std::vector<bool> held_out(windows.size());
  for (size_t i = 0; i < held_out.size(); ++i) {
    held_out[i] = fold_of[static_cast<size_t>(groups.of[i])] == static_cast<size_t>(settings.fold);
  }
  assign(held_out, split);
}

}  // namespace spanlab
