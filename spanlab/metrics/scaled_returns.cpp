// Six columns per bar, from the window and the bars before it.
#include "spanlab/metrics/scaled_returns.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "spanlab/metrics/surroundings.h"

namespace spanlab {
namespace {

constexpr std::array<int, 4> kSums = {3, 5, 8, 13};  // bars

void add_bar(const Surroundings& bars, int i, std::vector<float>& out) {
  const int first = i - kScaleBars + 1;
  // Place 0 has no change.
  const double scale = mean_size(bars.change, std::max(1, first), i);
  const double range = mean_size(bars.true_range, first, i);
  out.push_back(static_cast<float>(bars.move(i, 1) / scale));
  out.push_back(static_cast<float>(bars.true_range[static_cast<size_t>(i)] / range));
  for (const int k : kSums) {
    out.push_back(static_cast<float>(bars.move(i, k) / (scale * std::sqrt(k))));
  }
}

}  // namespace

std::vector<float> volatility_scaled_returns(const Bars& series, const std::vector<Window>& windows,
                                             std::span<const int> chosen, int length) {
  std::vector<float> out;
  out.reserve(chosen.size() * static_cast<size_t>(length * kScaledReturns));
  for (const int window : chosen) {
    const Surroundings bars = surroundings(
        series, windows[static_cast<size_t>(window)].rows(length), kScaleBars + kSums.back());
    for (int i = bars.lead; i < bars.count; ++i) add_bar(bars, i, out);
  }
  return out;
}

}  // namespace spanlab
