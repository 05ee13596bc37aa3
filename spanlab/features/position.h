// Position feature: the place of a bar in its window.
#pragma once

#include <algorithm>
#include <cstdint>

namespace spanlab {

/// Bar `place` (0 = first) of a window of `window_length` bars as a number from 0 to 1; 1 for every
/// bar past the window's end, 0 for a window of one bar.
inline double position_encoding(int64_t place, int window_length) {
  const int64_t last = window_length - 1;
  return last > 0 ? static_cast<double>(std::min(place, last)) / static_cast<double>(last) : 0.0;
}

}  // namespace spanlab
