// Turns prices upside down.
#include "spanlab/bars/mirror.h"

#include <algorithm>

namespace spanlab {

Series mirrored(const Series& series) {
  Series mirror = series;
  if (series.size() == 0) return mirror;
  const double sum = *std::max_element(series.high.begin(), series.high.end()) +
                     *std::min_element(series.low.begin(), series.low.end());
  std::swap(mirror.high, mirror.low);
  for (auto* prices : {&mirror.open, &mirror.high, &mirror.low, &mirror.close}) {
    for (double& price : *prices) price = sum - price;
  }
  return mirror;
}

}  // namespace spanlab
