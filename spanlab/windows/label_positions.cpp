// Pearson's chi-square of label places against all places where the spans would fit.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "spanlab/windows/data_checks.h"

namespace spanlab {
namespace {

// Decile of the centre of bars start..end in a window of `length` bars.
size_t decile_of(int start, int end, int length) {
  return static_cast<size_t>(int64_t{kDeciles} * (start + end + 1) / (2 * int64_t{length}));
}

// P(X >= x) of a chi-square variable with `freedom` >= 1 degrees of freedom: the regularised
// incomplete gamma function Q(freedom / 2, x / 2) from Q(a + 1, y) = Q(a, y) + y^a e^-y / Gamma(a +
// 1), which begins with Q(1/2, y) = erfc(sqrt y) or Q(1, y) = e^-y (Abramowitz and Stegun, 26.4).
double chi_square_tail(double x, int freedom) {
  const double y = x / 2;
  const bool odd = freedom % 2 != 0;
  double a = odd ? 0.5 : 1.0;
  double tail = odd ? std::erfc(std::sqrt(y)) : std::exp(-y);
  double term = odd ? 2 * std::sqrt(y) * std::numbers::inv_sqrtpi * std::exp(-y)
                    : y * std::exp(-y);  // y^a e^-y / Gamma(a + 1)
  for (; 2 * a < freedom; a += 1) {
    tail += term;
    term *= y / (a + 1);
  }
  return std::min(tail, 1.0);
}

// Pools deciles from the left until they expect a span; what is left over joins the last pool.
void test_against_uniform(PositionStats& stats) {
  constexpr double kLeastExpected = 1.0;
  std::vector<double> count, expected;
  double c = 0, e = 0;
  for (size_t d = 0; d < kDeciles; ++d) {
    c += stats.count[d];
    e += stats.expected[d];
    if (e < kLeastExpected) continue;
    count.push_back(c);
    expected.push_back(e);
    c = e = 0;
  }
  if (expected.empty()) return;
  count.back() += c;
  expected.back() += e;
  stats.freedom = static_cast<int>(expected.size()) - 1;
  if (stats.freedom == 0) return;
  for (size_t i = 0; i < expected.size(); ++i) {
    const double off = count[i] - expected[i];
    stats.chi_square += off * off / expected[i];
  }
  stats.p_value = chi_square_tail(stats.chi_square, stats.freedom);
}

}  // namespace

PositionStats label_positions(const std::vector<Window>& windows, const std::vector<int>& chosen,
                              int length) {
  PositionStats stats;
  for (const int i : chosen) {
    const Window& window = windows[static_cast<size_t>(i)];
    if (window.spans.empty()) continue;
    const auto [start, end, type] = window.spans.front();
    ++stats.spans;
    ++stats.count[decile_of(start, end, length)];
    const int places = length - (end - start);
    for (int place = 0; place < places; ++place) {
      stats.expected[decile_of(place, place + end - start, length)] += 1.0 / places;
    }
  }
  if (stats.spans == 0) return stats;
  const auto most = std::max_element(stats.count.begin(), stats.count.end());
  stats.preferred = static_cast<int>(most - stats.count.begin());
  stats.preferred_share = static_cast<double>(*most) / stats.spans;
  test_against_uniform(stats);
  return stats;
}

}  // namespace spanlab
