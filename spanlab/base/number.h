// Numbers that are not there, and quotients that may be none.
#pragma once

#include <limits>

namespace spanlab {

/// Where a number is not defined.
inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// part / whole; kNone without a whole.
inline double ratio(double part, double whole) {
  return whole > 0 ? part / whole : kNone;
}

}  // namespace spanlab
