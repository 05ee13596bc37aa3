// Sums over sets of spans: fast kernels against their references, at odd stretches and sizes.
#include "spanlab/kernels/span_sums.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "spanlab/base/random.h"
#include "spanlab/kernels/reference.h"

namespace spanlab {
namespace {

/// The arrays of one window with random factors, and what the recursions leave.
struct Window {
  Window(int t, int k, int r, int reach, double spread, uint64_t seed)
      : bars(t),
        kinds(k),
        slots(r),
        weight(size(3 * t * k)),
        ring(size(2 * r)),
        open(size(k * r), 7),
        closed(size(t * k * r), 7),
        end(size(k * t), 7),
        scale(size(k * t), 7),
        stay(size(t), 7),
        start(size(k * t), 7),
        lengths(size(2 * r)) {
    RandomStream stream(seed, Purpose::parameter_init);
    for (double& w : weight) w = std::exp(stream.uniform(-spread, spread));
    for (int d = 0; d < reach; ++d) {
      const size_t place = size((slots - d) % slots);
      ring[place] = ring[place + size(slots)] = std::exp(stream.uniform(-spread, spread));
    }
  }
  static size_t size(int n) { return static_cast<size_t>(n); }
  SpanSums sums() {
    return {bars,        kinds,         slots,      weight.data(), ring.data(),
            open.data(), closed.data(), end.data(), scale.data(),  stay.data()};
  }

  /// [T, K, R] what scale makes of closed; where both are there
  std::vector<double> shares() const {
    std::vector<double> shares = closed;
    for (size_t i = 0; i < shares.size(); ++i) {
      const size_t bar_and_kind = i / size(slots);
      shares[i] *= scale[bar_and_kind % size(kinds) * size(bars) + bar_and_kind / size(kinds)];
    }
    return shares;
  }

  int bars, kinds, slots;
  std::vector<double> weight, ring, open, closed, end, scale, stay, start, lengths;
};

void expect_near(const std::vector<double>& got, const std::vector<double>& want) {
  ASSERT_EQ(got.size(), want.size());
  for (size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(got[i], want[i], 1e-12 * std::max(1.0, std::abs(want[i]))) << i;
  }
}

TEST(SpanSums, AsTheReferenceInAnyStretch) {
  uint64_t seed = 0;
  for (const int kinds : {1, 2, 3}) {
    for (const int slots : {8, 16, 24, 40}) {
      for (const double spread : {0.5, 5.0, 20.0}) {
        for (const auto& [first, last] :
             {std::pair{0, 61}, {0, 1}, {7, 61}, {16, 48}, {23, 24}, {40, 61}}) {
          Window got(61, kinds, slots, slots - 3, spread, ++seed);
          Window want = got;
          const double sum = sum_span_sets(got.sums(), first, last);
          EXPECT_NEAR(sum, reference::sum_span_sets(want.sums(), first, last), 1e-12 * sum);
          expect_near(got.stay, want.stay);
          expect_near(got.shares(), want.shares());
          spread_span_sets(got.sums(), first, last, -1, got.start.data(), got.lengths.data());
          reference::spread_span_sets(want.sums(), first, last, -1, want.start.data(),
                                      want.lengths.data());
          expect_near(got.start, want.start);
          expect_near(got.lengths, want.lengths);
          for (int k = 0; k < kinds; ++k) {
            for (int t = first; t < last; ++t) {
              const size_t place = Window::size(k * got.bars + t);
              ASSERT_NEAR(got.end[place], want.end[place], 1e-12);
            }
          }
        }
      }
    }
  }
}

TEST(SpanSums, LengthsMayBeLeftOut) {
  Window with(30, 2, 16, 16, 2, 1), without = with;
  sum_span_sets(with.sums(), 0, 30);
  spread_span_sets(with.sums(), 0, 30, 1, with.start.data(), with.lengths.data());
  sum_span_sets(without.sums(), 0, 30);
  spread_span_sets(without.sums(), 0, 30, 1, without.start.data(), nullptr);
  EXPECT_EQ(with.start, without.start);
  EXPECT_EQ(with.end, without.end);
}

TEST(SpanSums, TheLargestFactorsStayNumbers) {
  Window window(61, 2, 8, 1, 1, 3);  // seven slots of spans that are too long
  for (double& w : window.weight) w = 1;
  for (size_t i = 0; i < window.weight.size(); i += 3) window.weight[i] = std::exp(140);
  EXPECT_TRUE(std::isfinite(sum_span_sets(window.sums(), 0, 61)));
  spread_span_sets(window.sums(), 0, 61, 1, window.start.data(), window.lengths.data());
  for (const double p : window.start) EXPECT_TRUE(p >= 0 && p <= 1) << p;
}

TEST(LargestSize, AtEveryLengthAndPlace) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(largest_size(0, nullptr), 0);
  for (int count = 1; count < 40; ++count) {
    for (size_t place = 0; place < static_cast<size_t>(count); ++place) {
      std::vector<double> values(static_cast<size_t>(count), 0.5);
      values[place] = -3;
      EXPECT_EQ(largest_size(count, values.data()), 3) << count;
      for (const double odd : {std::nan(""), kInfinity, -kInfinity}) {
        values[place] = odd;
        EXPECT_TRUE(std::isnan(largest_size(count, values.data()))) << count << " " << place;
      }
    }
  }
}

TEST(Exponentiate, ToTheLastPlaceAtEveryLength) {
  for (int count = 0; count < 40; ++count) {
    std::vector<double> values(static_cast<size_t>(count) + 1, 9);
    RandomStream stream(static_cast<uint64_t>(count), Purpose::parameter_init);
    for (int i = 0; i < count; ++i) values[static_cast<size_t>(i)] = stream.uniform(-100, 100);
    const std::vector<double> x = values;
    exponentiate(count, values.data());
    for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
      EXPECT_NEAR(values[i] / std::exp(x[i]), 1, 4.5e-16) << x[i];
    }
    EXPECT_EQ(values.back(), 9);
  }
}

TEST(Exponentiate, NothingIsLeftOfTheVerySmall) {
  std::vector<double> values(9, -std::numeric_limits<double>::infinity());
  values[3] = -701;
  values[8] = 0;
  exponentiate(9, values.data());
  for (size_t i = 0; i < 8; ++i) EXPECT_EQ(values[i], 0);
  EXPECT_EQ(values[8], 1);
}

}  // namespace
}  // namespace spanlab
