// Turns prices upside down.
#include "spanlab/bars/mirror.h"

#include <algorithm>

namespace spanlab {

Mirror::Mirror(const Bars& series)
    : sum_(*std::max_element(series.high.begin(), series.high.end()) +
           *std::min_element(series.low.begin(), series.low.end())) {}

Bars mirrored(const Bars& series) {
  Bars mirror = series;
  if (series.size() == 0) return mirror;
  const Mirror mirror_of(series);
  for (int64_t row = 0; row < series.size(); ++row) {
    const Bar bar = mirror_of(series.bar(row));
    const auto i = static_cast<size_t>(row);
    mirror.open[i] = bar.open;
    mirror.high[i] = bar.high;
    mirror.low[i] = bar.low;
    mirror.close[i] = bar.close;
  }
  return mirror;
}

}  // namespace spanlab
