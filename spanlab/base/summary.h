// What the tables say about a set of numbers.
#pragma once

namespace spanlab {

/// All of them NaN for an empty set.
struct Summary {
  double mean;
  double std;  ///< population standard deviation
  float min, max;
  float median;  ///< mean of the two middle numbers of an even count
};

}  // namespace spanlab
