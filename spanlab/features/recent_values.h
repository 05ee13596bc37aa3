// The latest values of a quantity, in order of time: what features with a finite past are made of.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace spanlab {

/// Remembers the latest N values. Each is stored twice, N places apart, so that the latest k always
/// lie side by side, oldest first: a sum over them has one order, whenever the first value came.
template <int N>
class RecentValues {
 public:
  void push(double value) {
    values_[static_cast<size_t>(next_)] = value;
    values_[static_cast<size_t>(next_ + N)] = value;
    next_ = next_ + 1 == N ? 0 : next_ + 1;
    held_ = std::min(held_ + 1, N);
  }
  /// Values held, 0 to N.
  int size() const { return held_; }
  /// The latest `count` (at most size()) values, oldest first.
  const double* last(int count) const { return values_.data() + next_ + N - count; }
  /// The value `age` pushes ago; 0 is the latest. `age` is below size().
  double ago(int age) const { return *last(age + 1); }

 private:
  std::array<double, 2 * N> values_{};
  int next_ = 0;  // place of the next value, below N
  int held_ = 0;
};

/// Sum of `values` [count], in four chains whose order depends on `count` only.
inline double sum_of(const double* values, int count) {
  double chain[4] = {0.0, 0.0, 0.0, 0.0};
  int i = 0;
  for (; i + 4 <= count; i += 4) {
    for (int k = 0; k < 4; ++k) chain[k] += values[i + k];
  }
  for (int k = 0; i < count; ++i, ++k) chain[k] += values[i];
  return (chain[0] + chain[1]) + (chain[2] + chain[3]);
}

/// Mean of `values` [count]; 0 if there are none.
inline double mean_of(const double* values, int count) {
  return count > 0 ? sum_of(values, count) / count : 0.0;
}

}  // namespace spanlab
