// Walks away from a row until a gap, the end, or far enough.
#include "spanlab/bars/stretch.h"

#include <algorithm>

namespace spanlab {

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
