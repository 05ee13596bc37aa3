// Bars for the feature tests: a random market, and series from lists of bars.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/base/random.h"

namespace spanlab::test {

inline void append(Bars& series, double open, double high, double low, double close) {
  series.time_ms.push_back(series.size() * 60000);
  series.open.push_back(open);
  series.high.push_back(high);
  series.low.push_back(low);
  series.close.push_back(close);
  series.bar_ms = 60000;
}

/// A random walk with wicks; some bars are flat, some jump.
inline Bars random_market(int64_t bars, uint64_t seed, double price = 30000.0) {
  RandomStream random(seed, Purpose::market);
  Bars series;
  double close = price;
  for (int64_t i = 0; i < bars; ++i) {
    const double unit = price * 0.001 * (random.uniform() < 0.02 ? 10.0 : 1.0);
    const double open = close;
    if (random.uniform() < 0.1) {
      append(series, open, open, open, open);
      continue;
    }
    close = std::max(open + unit * random.normal(), 0.01 * price);
    const double high = std::max(open, close) + unit * random.uniform();
    const double low = std::max(std::min(open, close) - unit * random.uniform(), 0.005 * price);
    append(series, open, high, low, close);
  }
  return series;
}

/// The same series with every price multiplied.
inline Bars scaled(Bars series, double factor) {
  for (auto* prices : {&series.open, &series.high, &series.low, &series.close}) {
    for (double& price : *prices) price *= factor;
  }
  return series;
}

}  // namespace spanlab::test
