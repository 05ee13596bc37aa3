// The shares that a normal test at 5 % would not reject.
#include "spanlab/measure/wilson.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "spanlab/base/error.h"

namespace spanlab {

Interval wilson_interval(int hits, int trials) {
  if (hits < 0 || hits > trials) {
    throw Error(fmt::format("{} hits in {} trials", hits, trials),
                "hits lie between 0 and the number of trials");
  }
  if (trials == 0) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    return {kNone, kNone, kNone};
  }
  constexpr double z = 1.959963984540054;  // 97.5 % quantile of the normal distribution
  const double n = trials, share = hits / n;
  const double center = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double half =
      z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {share, std::max(0.0, center - half), std::min(1.0, center + half)};
}

}  // namespace spanlab
