// Bins of equal mass against counts, and AUROC against all pairs.
#include "spanlab/metrics/calibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scored_cases.h"
#include "spanlab/base/error.h"

namespace spanlab {
namespace {

// A permutation of 0.005, 0.015 .. 0.995 with labels, as one window of 100 bars. Bar i has the
// probability ((37 i) mod 100 + 0.5) / 100.
ScoredCase hundred_bars() {
  ScoredCase made{1, 100, {}, {}, {0}};
  for (int i = 0; i < 100; ++i) {
    const int place = 37 * i % 100;
    made.probability.push_back((static_cast<float>(place) + 0.5f) / 100);
    made.mask.push_back((place * place) % 7 < place / 25 ? 1.0f : 0.0f);
  }
  return made;
}

TEST(ReliabilityCurve, WithoutTiesBinsAreTensOfBars) {
  const ScoredCase scored = hundred_bars();
  const std::vector<ReliabilityBin> curve = reliability_curve(scored.view());
  ASSERT_EQ(curve.size(), 10u);
  for (int b = 0; b < 10; ++b) {
    double inside = 0;
    for (int place = 10 * b; place < 10 * b + 10; ++place) {
      inside += (place * place) % 7 < place / 25;
    }
    const ReliabilityBin& bin = curve[static_cast<size_t>(b)];
    EXPECT_NEAR(bin.probability, 0.1 * b + 0.05, 1e-6);
    EXPECT_NEAR(bin.observed, inside / 10, 1e-12);
    EXPECT_NEAR(bin.bars, 10, 1e-9);
  }
}

TEST(ReliabilityCurve, TiesAreSharedOut) {
  // 8 bars at 0.2 of which 2 inside, 2 at 0.7 of which 1 inside; 4 bins of 2.5 bars.
  const ScoredCase scored{1,
                          10,
                          {.7f, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .2f, .7f},
                          {1, 1, 0, 0, 0, 1, 0, 0, 0, 0},
                          {0}};
  const std::vector<ReliabilityBin> curve = reliability_curve(scored.view(), 4);
  ASSERT_EQ(curve.size(), 4u);
  for (size_t b = 0; b < 3; ++b) {
    EXPECT_NEAR(curve[b].observed, 0.25, 1e-12);
    EXPECT_NEAR(curve[b].probability, 0.2, 1e-7);
  }
  EXPECT_NEAR(curve[3].probability, (0.5 * 0.2 + 2 * 0.7) / 2.5, 1e-7);
  EXPECT_NEAR(curve[3].observed, (0.5 * 0.25 + 1) / 2.5, 1e-12);
}

TEST(ReliabilityCurve, KeepsTheTotals) {
  for (const int bins : {1, 3, 10, 64}) {
    const ScoredCase scored = random_case(9, 37, 30);
    double bars = 0, inside = 0, probability = 0;
    for (const ReliabilityBin& bin : reliability_curve(scored.view(), bins)) {
      EXPECT_NEAR(bin.bars, 9.0 * 37 / bins, 1e-6);
      bars += bin.bars;
      inside += bin.bars * bin.observed;
      probability += bin.bars * bin.probability;
    }
    EXPECT_NEAR(bars, 9 * 37, 1e-9);
    EXPECT_NEAR(inside, std::accumulate(scored.mask.begin(), scored.mask.end(), 0.0), 1e-9);
    EXPECT_NEAR(probability,
                std::accumulate(scored.probability.begin(), scored.probability.end(), 0.0), 1e-9);
  }
}

TEST(ReliabilityCurve, NothingToShowAndBadSizes) {
  ScoredCase scored = random_case(2, 5, 31);
  scored.probability[3] = std::nanf("");
  EXPECT_TRUE(reliability_curve(scored.view()).empty());
  EXPECT_TRUE(reliability_curve(ScoredWindows{}).empty());
  EXPECT_TRUE(std::isnan(calibration_error({})));
  scored.mask.pop_back();
  EXPECT_THROW(reliability_curve(scored.view()), Error);
}

TEST(Auroc, CountsPairs) {
  const ScoredCase scored = random_case(4, 20, 32);
  ScoredCase tied = scored;
  for (float& p : tied.probability) p = std::round(p * 5) / 5;
  const std::vector<double> weight{1, 2, 0, 3};
  double pairs = 0, right = 0;
  const auto w = [&](size_t bar) { return weight[bar / 20]; };
  for (size_t i = 0; i < 80; ++i) {
    for (size_t j = 0; j < 80; ++j) {
      if (tied.mask[i] == 0 || tied.mask[j] != 0) continue;
      const float a = tied.probability[i], b = tied.probability[j];
      pairs += w(i) * w(j);
      right += w(i) * w(j) * (a > b ? 1 : a == b ? 0.5 : 0);
    }
  }
  ASSERT_GT(pairs, 0);
  const RankedBars ranked(tied.view());
  EXPECT_NEAR(auroc(ranked.weigh(weight)), right / pairs, 1e-12);
}

}  // namespace
}  // namespace spanlab
