// Every array cut to the same length.
#include "spanlab/bars/prefix.h"

#include <algorithm>
#include <string>

#include "spanlab/base/error.h"

namespace spanlab {

Bars prefix(const Bars& series, int64_t rows) {
  if (rows < 0) {
    throw Error("a series of " + std::to_string(rows) + " bars was asked for",
                "give a row of the bars, counted from 0");
  }
  const auto n = static_cast<ptrdiff_t>(std::min(rows, series.size()));
  const auto first = [n](const auto& values) {
    auto head = values;
    if (!head.empty()) head.resize(static_cast<size_t>(n));
    return head;
  };
  return {.time_ms = first(series.time_ms),
          .open = first(series.open),
          .high = first(series.high),
          .low = first(series.low),
          .close = first(series.close),
          .volume = first(series.volume),
          .bar_ms = series.bar_ms};
}

}  // namespace spanlab
