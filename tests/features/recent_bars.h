// Bars pushed into a RecentBars, for the tests of the families that read one.
#pragma once

#include <vector>

#include "spanlab/features/recent_bars.h"

namespace spanlab::test {

inline Bar flat_bar(double price) {
  return {0, price, price, price, price};
}

/// Bars without range at these prices.
inline RecentBars after_closes(const std::vector<double>& closes) {
  RecentBars recent;
  for (const double close : closes) recent.push(flat_bar(close));
  return recent;
}

/// `bars` bars that rise by `step` each, from 1000 on.
inline RecentBars after_ramp(int bars, double step) {
  RecentBars recent;
  for (int i = 0; i < bars; ++i) recent.push(flat_bar(1000 + step * i));
  return recent;
}

/// 200 closes to and fro by 1 around 1000, so that the scale is 1, then `closes`.
inline RecentBars after_zigzag(const std::vector<double>& closes) {
  RecentBars recent;
  for (int i = 0; i < 200; ++i) recent.push(flat_bar(1000 + i % 2));
  for (const double close : closes) recent.push(flat_bar(close));
  return recent;
}

}  // namespace spanlab::test
