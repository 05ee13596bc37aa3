// Mean and corrected variance; Student's distribution as a finite sum, inverted by bisection.
#include "spanlab/measure/repeated_cv.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include "spanlab/base/error.h"

namespace spanlab {
namespace {

// P(|T| <= t) with t = tan(angle) sqrt(freedom): Abramowitz and Stegun 26.7.3 and 26.7.4.
double student_level(double angle, int freedom) {
  const double cosine = std::cos(angle);
  const bool odd = freedom % 2 == 1;
  double term = odd ? cosine : 1, sum = 0;
  for (int power = odd ? 1 : 0; power <= freedom - 2; power += 2) {
    sum += term;
    term *= cosine * cosine * (power + 1) / (power + 2);
  }
  const double inner = std::sin(angle) * sum;
  return odd ? 2 / std::numbers::pi * (angle + inner) : inner;
}

}  // namespace

double student_quantile(double level, int freedom) {
  double low = 0, high = std::numbers::pi / 2;
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = std::midpoint(low, high);
    (student_level(middle, freedom) < level ? low : high) = middle;
  }
  return std::tan(low) * std::sqrt(freedom);
}

Interval repeated_cv_interval(std::span<const double> values, double test_share) {
  if (!(test_share > 0 && test_share < 1)) {
    throw Error(fmt::format("a share of {} of the windows held out", test_share),
                "it lies between 0 and 1");
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> defined;
  for (const double value : values) {
    if (!std::isnan(value)) defined.push_back(value);
  }
  if (defined.empty()) return {kNone, kNone, kNone};
  const auto count = static_cast<double>(defined.size());
  const double mean = std::accumulate(defined.begin(), defined.end(), 0.0) / count;
  if (defined.size() < 2) return {mean, kNone, kNone};

  double squares = 0;
  for (const double value : defined) squares += (value - mean) * (value - mean);
  const double variance = (1 / count + test_share / (1 - test_share)) * squares / (count - 1);
  const double half = student_quantile(0.95, static_cast<int>(count) - 1) * std::sqrt(variance);
  return {mean, mean - half, mean + half};
}

}  // namespace spanlab
