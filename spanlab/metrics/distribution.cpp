// Two passes for mean and deviation, partial sorting for the median.
#include "spanlab/metrics/distribution.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>

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
  return {.mean = mean,
          .std = std::sqrt(squares / count),
          .min = *std::min_element(values.begin(), middle + 1),
          .max = *std::max_element(middle, values.end()),
          .median = median};
}

ProbabilityStats probability_stats(const float* probability, const float* mask, size_t bars) {
  std::vector<float> in_span, out_span;
  for (size_t i = 0; i < bars; ++i) (mask[i] != 0 ? in_span : out_span).push_back(probability[i]);
  const Summary in = summarize(std::move(in_span));
  const Summary out = summarize(std::move(out_span));
  return {in, out, in.mean - out.mean};
}

}  // namespace spanlab
