// Helpers of the kernel tests: random arrays at a chosen misalignment, differences in one number.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "spanlab/base/random.h"

namespace spanlab {

/// `count` values that start `shift` floats after an aligned address, with guards on both sides.
class Array {
 public:
  Array(size_t count, size_t shift, RandomStream& stream, double scale = 1)
      : count_(count), shift_(shift), values_(count + shift + 2 * kGuard, kMark) {
    for (size_t i = 0; i < count; ++i)
      data()[i] = static_cast<float>(stream.uniform(-1, 1) * scale);
  }
  float* data() { return values_.data() + kGuard + shift_; }
  const float* data() const { return values_.data() + kGuard + shift_; }
  size_t size() const { return count_; }

  /// True if nothing outside the array was written.
  bool guards_intact() const {
    const auto mark = [](float v) { return v == kMark; };
    const auto end = values_.begin() + static_cast<ptrdiff_t>(kGuard + shift_ + count_);
    return std::all_of(values_.begin(), values_.begin() + static_cast<ptrdiff_t>(kGuard + shift_),
                       mark) &&
           std::all_of(end, values_.end(), mark);
  }

 private:
  static constexpr size_t kGuard = 32;
  static constexpr float kMark = 12345.0f;
  size_t count_, shift_;
  std::vector<float> values_;
};

/// Largest difference over the largest magnitude of `want` (at least 1).
inline double relative_difference(const Array& got, const Array& want) {
  double largest = 1, difference = 0;
  for (size_t i = 0; i < want.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(want.data()[i])));
    const double gap = std::abs(static_cast<double>(got.data()[i]) - want.data()[i]);
    difference = std::max(difference, std::isnan(gap) ? HUGE_VAL : gap);
  }
  return difference / largest;
}

}  // namespace spanlab
