// Cuts a window with its surroundings out of a series.
#include "spanlab/metrics/surroundings.h"

#include <algorithm>
#include <cmath>

#include "spanlab/bars/bars.h"

namespace spanlab {
namespace {

constexpr double kSmallestScale = 1e-9;  // price units

}  // namespace

double Surroundings::move(int i, int k) const {
  return close[static_cast<size_t>(i)] - close[static_cast<size_t>(std::max(0, i - k))];
}

Surroundings surroundings(const Bars& series, BarRange window, int before, int behind) {
  const auto [first, end] = widened(series, window, before, behind);

  Surroundings out;
  out.lead = static_cast<int>(window.begin - first);
  out.count = static_cast<int>(end - first);
  for (int64_t row = first; row < end; ++row) {
    const Bar bar = series.bar(row);
    const double previous = row > first ? out.close.back() : bar.close;
    const double high = row > first ? std::max(bar.high, previous) : bar.high;
    const double low = row > first ? std::min(bar.low, previous) : bar.low;
    out.close.push_back(bar.close);
    out.change.push_back(bar.close - previous);
    out.range.push_back(bar.high - bar.low);
    out.true_range.push_back(high - low);
  }
  return out;
}

double mean_size(const std::vector<double>& values, int first, int last) {
  first = std::max(first, 0);
  last = std::min(last, static_cast<int>(values.size()) - 1);
  double sum = 0.0;
  for (int i = first; i <= last; ++i) sum += std::abs(values[static_cast<size_t>(i)]);
  return std::max(last < first ? 0.0 : sum / (last - first + 1), kSmallestScale);
}

}  // namespace spanlab
