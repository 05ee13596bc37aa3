// Parts of a series: its first bars, and the stretch without a gap around given rows.
#include "spanlab/bars/bars.h"

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

BarRange widened(const Bars& series, BarRange rows, int64_t before, int64_t after) {
  const int64_t lowest = std::max<int64_t>(rows.begin - before, 0);
  const int64_t highest = std::min(rows.end + after, series.size());
  while (rows.begin > lowest && !series.gap_before(rows.begin)) --rows.begin;
  while (rows.end < highest && !series.gap_before(rows.end)) ++rows.end;
  return rows;
}

BarRange stretch_around(const Bars& series, int64_t row) {
  return widened(series, {row, row + 1}, row, series.size());
}

}  // namespace spanlab
