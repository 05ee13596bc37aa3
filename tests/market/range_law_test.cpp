// The range of a bar: closed forms of short walks, the sum rule, drawn walks.
#include "spanlab/market/range_law.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "spanlab/base/random.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

double integral(const RangeLaw& law, double move, double low, double high) {
  constexpr int kParts = 400;
  double sum = 0;
  for (int k = 0; k < kParts; ++k) {
    sum += law.excess_density(move, low + (high - low) * (k + 0.5) / kParts);
  }
  return sum * (high - low) / kParts;
}

TEST(RangeLaw, OneStepHasNoExcess) {
  const RangeLaw law(2);
  EXPECT_NEAR(law.no_excess(1.3), 1, 1e-9);
  EXPECT_LT(law.excess_density(1.3, 0.5), 1e-9);
}

// Two steps of the deviation d, ending at m: the middle lies at m / 2, deviation d / sqrt(2).
TEST(RangeLaw, TwoStepsAsTheMiddleLies) {
  const RangeLaw law(3);
  const double deviation = std::sqrt(1.0 / 3) / std::sqrt(2.0), move = 1;
  const double beyond = std::erfc(move / 2 / deviation / std::sqrt(2.0));  // either side
  EXPECT_NEAR(law.no_excess(move), 1 - beyond, 0.01);
  const double further = std::erfc((move / 2 + 0.4) / deviation / std::sqrt(2.0));
  EXPECT_NEAR(integral(law, move, 0, 0.4), beyond - further, 0.02);
}

TEST(RangeLaw, SumsToOne) {
  const RangeLaw law(32);
  for (const double move : {0.0, 0.3, 1.0, 2.0, 3.0}) {
    EXPECT_NEAR(law.no_excess(move) + integral(law, move, 0, 3.5), 1, 0.007) << move;
  }
}

TEST(RangeLaw, SignOfTheMoveDoesNotMatterAndNothingIsZero) {
  const RangeLaw law(32);
  EXPECT_EQ(law.no_excess(-1.2), law.no_excess(1.2));
  EXPECT_EQ(law.excess_density(-1.2, 0.4), law.excess_density(1.2, 0.4));
  EXPECT_GT(law.excess_density(40, 40), 0);
  EXPECT_LE(law.no_excess(40), 1);
}

TEST(RangeLaw, DrawnWalksAgree) {
  constexpr int kSteps = 31, kWalks = 40000;
  const RangeLaw law(kSteps + 1);
  for (const double move : {0.5, 1.5}) {
    double none = 0, middle = 0;  // no excess; an excess of 0.3 .. 0.6
    for (uint32_t walk = 0; walk < kWalks; ++walk) {
      RandomStream random{3, Purpose::market, 2, walk};
      std::array<double, kSteps + 1> x{};
      for (size_t k = 1; k < x.size(); ++k) {
        x[k] = x[k - 1] + random.normal() / std::sqrt(kSteps + 1.0);
      }
      const double pull = (move - x.back()) / kSteps;  // a bridge to `move`
      for (size_t k = 0; k < x.size(); ++k) x[k] += pull * static_cast<double>(k);
      const auto [low, high] = std::minmax_element(x.begin(), x.end());
      const double excess = *high - *low - move;
      none += excess < 1e-9;
      middle += excess > 0.3 && excess < 0.6;
    }
    EXPECT_NEAR(law.no_excess(move), none / kWalks, 0.006) << move;
    EXPECT_NEAR(integral(law, move, 0.3, 0.6), middle / kWalks, 0.012) << move;
  }
}

TEST(RangeLaw, PathStepsOutOfReachAreNamed) {
  expect_error([] { RangeLaw(1); }, {"1 path steps", "closes only"});
  expect_error([] { RangeLaw(65); }, {"65 path steps"});
}

}  // namespace
}  // namespace spanlab
