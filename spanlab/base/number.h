// Missing numbers (NaN), quotients that may be undefined, and summaries of a set of numbers.
#pragma once

#include <limits>

namespace spanlab {

/// Where a number is not defined.
inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// part / whole; kNone without a whole.
inline double ratio(double part, double whole) {
  return whole > 0 ? part / whole : kNone;
}

/// All of them NaN for an empty set.
struct Summary {
  double mean;
  double std;  ///< population standard deviation
  float min, max;
  float median;  ///< mean of the two middle numbers of an even count
};

}  // namespace spanlab
