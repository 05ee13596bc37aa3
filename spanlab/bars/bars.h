// The bars of one instrument and bar size, as a structure of arrays.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace spanlab {

/// One bar. Prices in the file's unit.
struct Bar {
  int64_t time_ms;  ///< opening time, milliseconds since 1970 in the file's clock (UTC or local)
  double open, high, low, close;
};

/// Consecutive bars of a series: rows begin .. end - 1.
struct BarRange {
  int64_t begin = 0, end = 0;

  int64_t size() const { return end - begin; }
  bool empty() const { return end <= begin; }
  bool contains(int64_t row) const { return begin <= row && row < end; }
  /// The rows that are in both; empty if there is none.
  BarRange common(const BarRange& other) const {
    return {std::max(begin, other.begin), std::min(end, other.end)};
  }
  bool operator==(const BarRange&) const = default;
};

/// Bars in file order. All arrays have the same length; `volume` is empty if the file has none.
struct Bars {
  std::vector<int64_t> time_ms;  ///< opening times, milliseconds since 1970
  std::vector<double> open, high, low, close;
  std::vector<double> volume;
  int64_t bar_ms = 0;  ///< the most common step between neighbours; 0 with fewer than two bars

  int64_t size() const { return static_cast<int64_t>(time_ms.size()); }
  Bar bar(int64_t row) const {
    const auto i = static_cast<size_t>(row);
    return {time_ms[i], open[i], high[i], low[i], close[i]};
  }
  /// True if the step from row - 1 to row is longer than a bar (or not forward): bars are missing
  /// there. False for row 0.
  bool gap_before(int64_t row) const {
    const auto i = static_cast<size_t>(row);
    return row > 0 && bar_ms > 0 && time_ms[i] - time_ms[i - 1] != bar_ms;
  }
  bool operator==(const Bars&) const = default;
};

/// Rows 0 .. rows - 1, as if the others were not known yet; all of them if there are fewer. bar_ms
/// stays: it is known of the market. Throws Error if `rows` is negative.
Bars prefix(const Bars& series, int64_t rows);

/// `rows` and the bars around them that no gap parts from them, at most `before` and `after`.
BarRange widened(const Bars& series, BarRange rows, int64_t before, int64_t after);

/// All rows that no gap parts from `row`.
BarRange stretch_around(const Bars& series, int64_t row);

}  // namespace spanlab
