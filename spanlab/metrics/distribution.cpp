// Two passes for mean and deviation, partial sorting for the median.
#include "spanlab/metrics/distribution.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>

namespace spanlab {

Summary summarize(std::vector<float> values) {
  // NaN would break the ordering that min, max and median rely on.
  if (values.empty() || std::any_of(values.begin(), values.end(), [](float v) { return v != v; })) {
    constexpr float kNoValue = std::numeric_limits<float>::quiet_NaN();
    return {kNoValue, kNoValue, kNoValue, kNoValue, kNoValue};
  }
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  for (const float value : values) sum += value;
  const double mean = sum / count;
  double squares = 0;
  for (const float value : values) squares += (value - mean) * (value - mean);

  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  float median = *middle;
  if (values.size() % 2 == 0)
    median = std::midpoint(*std::max_element(values.begin(), middle), median);
  return {mean, std::sqrt(squares / count), *std::min_element(values.begin(), middle + 1),
          *std::max_element(middle, values.end()), median};
}

}  // namespace spanlab
