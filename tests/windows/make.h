// Bars and windows for the tests of this room.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/base/random.h"
#include "spanlab/windows/window.h"

namespace spanlab::test {

/// `bars` bars of a random walk, one a minute, without gaps.
inline Bars walk(int64_t bars, uint64_t seed = 1) {
  RandomStream random(seed, Purpose::market);
  Bars series;
  double price = 1000.0;
  for (int64_t i = 0; i < bars; ++i) {
    const double open = price;
    price += random.normal();
    series.time_ms.push_back(i * 60000);
    series.open.push_back(open);
    series.high.push_back(std::max(open, price) + random.uniform());
    series.low.push_back(std::min(open, price) - random.uniform());
    series.close.push_back(price);
  }
  series.bar_ms = 60000;
  return series;
}

/// An hour is missing before `row`.
inline void open_gap(Bars& series, int64_t row) {
  for (int64_t i = row; i < series.size(); ++i) series.time_ms[static_cast<size_t>(i)] += 3600000;
}

/// A base window with one labelled span.
inline Window window(const std::string& id, int64_t first_row, int start = 10, int end = 14,
                     SpanType type = SpanType::consolidation) {
  return {.id = id,
          .base_id = id,
          .offset = 0,
          .first_row = first_row,
          .visible_fraction = 1.0,
          .spans = {{start, end, type}}};
}

}  // namespace spanlab::test
