// The latest values of a quantity, in order of time: the basis of features with a finite memory.
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

/// Joins `values` [count] by `join`, from `start` on, in four chains: the order depends on `count`
/// only, and a chain need not wait for the others.
template <typename Join>
double joined(const double* values, int count, double start, Join join) {
  double chain[4] = {start, start, start, start};
  int i = 0;
  for (; i + 4 <= count; i += 4) {
    for (int k = 0; k < 4; ++k) chain[k] = join(chain[k], values[i + k]);
  }
  for (; i < count; ++i) chain[0] = join(chain[0], values[i]);
  return join(join(chain[0], chain[1]), join(chain[2], chain[3]));
}

/// Sum of `values` [count].
inline double sum_of(const double* values, int count) {
  return joined(values, count, 0.0, [](double a, double b) { return a + b; });
}
/// Largest of `values` [count, at least 1].
inline double largest_of(const double* values, int count) {
  return joined(values, count, values[0], [](double a, double b) { return a < b ? b : a; });
}
/// Smallest of `values` [count, at least 1].
inline double smallest_of(const double* values, int count) {
  return joined(values, count, values[0], [](double a, double b) { return b < a ? b : a; });
}
/// Mean of `values` [count]; 0 if there are none.
inline double mean_of(const double* values, int count) {
  return count > 0 ? sum_of(values, count) / count : 0.0;
}

}  // namespace spanlab
