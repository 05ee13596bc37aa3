// Losses of single bars for rare spans: closed forms, special cases, and gradients.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "spanlab/loss/binary_cross_entropy.h"
#include "spanlab/loss/focal.h"
#include "spanlab/loss/pu_risk.h"
#include "spanlab/loss/smooth_boundary.h"
#include "spanlab/loss/tversky.h"
#include "tests/loss/slopes.h"

namespace spanlab {
namespace {

using testing::expect_gradient;
using testing::random_values;

const std::vector<float> kMask{1, 0, 1, 0, 0, 1};
const std::vector<float> kSoft{0.9f, 0, 0.5f, 0.1f, 0, 1};

TEST(KnownCrossEntropy, LooksAtKnownBarsAlone) {
  const std::vector<double> p = random_values(6, 0.05, 0.95);
  const std::vector<uint8_t> known{1, 0, 0, 1, 0, 1};
  std::vector<double> d(6, 7), expected(3);
  const std::vector<double> some_p{p[0], p[3], p[5]};
  const std::vector<float> some_y{kMask[0], kMask[3], kMask[5]};
  EXPECT_EQ(known_cross_entropy(6, p.data(), kMask.data(), known.data(), 2.0, d.data()),
            binary_cross_entropy(3, some_p.data(), some_y.data(), 2.0, expected.data()));
  EXPECT_EQ(d, (std::vector<double>{expected[0], 0, 0, expected[1], 0, expected[2]}));
}

TEST(KnownCrossEntropy, NothingKnown) {
  const std::vector<double> p(3, 0.2);
  const std::vector<uint8_t> known(3, 0);
  std::vector<double> d(3, 7);
  EXPECT_EQ(known_cross_entropy(3, p.data(), kMask.data(), known.data(), 1.0, d.data()), 0);
  EXPECT_EQ(d, std::vector<double>(3, 0.0));
}

TEST(Focal, WithGammaZeroIsCrossEntropy) {
  const std::vector<double> p = random_values(6, 0.05, 0.95);
  std::vector<double> d(6), expected(6);
  const double loss = binary_cross_entropy(6, p.data(), kSoft.data(), 3.0, expected.data());
  EXPECT_NEAR(focal(6, p.data(), kSoft.data(), 3.0, 0.0, d.data()), loss, 1e-12);
  for (size_t i = 0; i < 6; ++i) EXPECT_NEAR(d[i], expected[i], 1e-12);
}

TEST(Focal, ClosedForms) {
  const double p[2] = {0.9, 0.9};
  const float y[2] = {1, 0};
  double d[2];
  // An easy bar counts for (1 - 0.9)^2, a hard one for 0.9^2.
  EXPECT_NEAR(focal(2, p, y, 3.0, 2.0, d), -(3 * 0.01 * std::log(0.9) + 0.81 * std::log(0.1)) / 2,
              1e-12);
  const double sure[2] = {0, 1};
  EXPECT_NEAR(focal(2, sure, y, 1.0, 2.0, d), -std::log(1e-7), 1e-5);
  EXPECT_EQ(d[0], 0);  // the clamp holds
  EXPECT_EQ(d[1], 0);
  const double unknown = std::nan("");
  EXPECT_TRUE(std::isnan(focal(1, &unknown, y, 1.0, 2.0, d)));
  EXPECT_TRUE(std::isnan(d[0]));
  EXPECT_EQ(focal(0, p, y, 1.0, 2.0, d), 0);
}

TEST(Focal, Gradient) {
  for (const double gamma : {0.5, 1.0, 2.0}) {
    for (const std::vector<float>& y : {kMask, kSoft}) {
      expect_gradient(random_values(6, 0.05, 0.95), [&](const double* p, double* d) {
        return focal(6, p, y.data(), 13.1, gamma, d);
      });
    }
  }
}

TEST(Tversky, ClosedForms) {
  const double p[4] = {0.5, 1, 0.25, 0};
  const float y[4] = {1, 1, 0, 0};
  double d[4];
  // TP = 1.5, FP = 0.25, FN = 0.5
  EXPECT_NEAR(tversky(4, p, y, {0.3, 0.7, 0}, d), 1 - 1.5 / (1.5 + 0.3 * 0.25 + 0.7 * 0.5), 1e-12);
  EXPECT_NEAR(tversky(4, p, y, {}, d), 1 - (2 * 1.5 + 2) / (1.75 + 2 + 2), 1e-12);  // Dice
  const double right[4] = {1, 1, 0, 0};
  EXPECT_NEAR(tversky(4, right, y, {0.3, 0.7, 0}, d), 0, 1e-12);
}

TEST(Tversky, BatchWithoutSpans) {
  const double p[2] = {0.5, 0.5}, none[2] = {0, 0};
  const float y[2] = {0, 0};
  double d[2];
  EXPECT_NEAR(tversky(2, p, y, {0.5, 0.5, 1}, d), 1 - 1 / 1.5, 1e-12);
  EXPECT_GT(d[0], 0);
  EXPECT_EQ(tversky(2, none, y, {0.5, 0.5, 0}, d), 0);  // not 0 / 0
  EXPECT_TRUE(std::isfinite(d[0]));
}

TEST(Tversky, Gradient) {
  for (const TverskyWeights& weights :
       {TverskyWeights{}, TverskyWeights{0.3, 0.7, 0}, TverskyWeights{1, 0, 2}}) {
    for (const std::vector<float>& y : {kMask, kSoft, std::vector<float>(6, 0.0f)}) {
      expect_gradient(random_values(6, 0.05, 0.95), [&](const double* p, double* d) {
        return tversky(6, p, y.data(), weights, d);
      });
    }
  }
}

TEST(PuRisk, ClosedForm) {
  const double p[3] = {0.8, 0.3, 0.6};
  const uint8_t labelled[3] = {1, 0, 0};
  double d[3];
  const double unlabelled = -(std::log(0.7) + std::log(0.4)) / 2;
  EXPECT_NEAR(pu_risk(3, p, labelled, 0.1, d),
              -0.1 * std::log(0.8) + unlabelled + 0.1 * std::log(0.2), 1e-12);
  // Half of all: the second term would be negative.
  EXPECT_NEAR(pu_risk(3, p, labelled, 0.5, d), -0.5 * std::log(0.8), 1e-12);
  EXPECT_NEAR(d[0], -0.5 / 0.8, 1e-12);
  EXPECT_EQ(d[1], 0);
  EXPECT_EQ(d[2], 0);
}

TEST(PuRisk, IsTheRiskOfAllBarsOnAverage) {
  // Eight bars in spans, two of them labelled, among 24: the unlabelled ones hold 6 of 22.
  std::vector<double> p(24, 0.2);
  std::fill(p.begin(), p.begin() + 8, 0.7);
  std::vector<uint8_t> labelled(24, 0);
  labelled[0] = labelled[1] = 1;
  std::vector<double> d(24);
  const double pi = 6.0 / 22;
  EXPECT_NEAR(pu_risk(24, p.data(), labelled.data(), pi, d.data()),
              -pi * std::log(0.7) - (1 - pi) * std::log(0.8), 1e-12);
}

TEST(PuRisk, BatchesOfOneSort) {
  const double p[2] = {0.4, 0.4};
  const uint8_t all[2] = {1, 1}, none[2] = {0, 0};
  double d[2];
  EXPECT_NEAR(pu_risk(2, p, none, 0.1, d), -std::log(0.6), 1e-12);
  EXPECT_NEAR(pu_risk(2, p, all, 0.1, d), -0.1 * std::log(0.4), 1e-12);
  EXPECT_EQ(pu_risk(0, p, all, 0.1, d), 0);
  const double unknown[2] = {std::nan(""), 0.4};
  EXPECT_TRUE(std::isnan(pu_risk(2, unknown, none, 0.1, d)));
  EXPECT_TRUE(std::isnan(d[0]));
}

TEST(PuRisk, Gradient) {
  const std::vector<uint8_t> labelled{1, 0, 0, 1, 0, 0};
  for (const double pi : {0.0, 0.07, 1.0}) {  // the last one is clipped for these values
    expect_gradient(random_values(6, 0.05, 0.5), [&](const double* p, double* d) {
      return pu_risk(6, p, labelled.data(), pi, d);
    });
  }
  expect_gradient({0.95, 0.1, 0.1, 0.9, 0.2, 0.1}, [&](const double* p, double* d) {
    const double loss = pu_risk(6, p, labelled.data(), 0.5, d);
    EXPECT_EQ(d[1], 0);  // clipped
    return loss;
  });
}

std::vector<double> targets(const std::vector<KindSpan>& spans, const BoundarySmoothing& smoothing,
                            int longest = 8) {
  std::vector<double> target(8, -1);
  smooth_targets<double>(spans, smoothing, 8, longest, target.data());
  return target;
}

void expect_targets(const std::vector<double>& target, const std::vector<double>& expected) {
  for (size_t t = 0; t < 8; ++t) EXPECT_NEAR(target[t], expected[t], 1e-15) << t;
}

TEST(SmoothTargets, WithoutSmoothingAreTheMask) {
  EXPECT_EQ(targets({{1, 2, 0}, {3, 3, 1}, {7, 7, 0}}, {}),
            (std::vector<double>{0, 1, 1, 1, 0, 0, 0, 1}));
  EXPECT_EQ(targets({}, {0.5, 2}), std::vector<double>(8, 0.0));
}

TEST(SmoothTargets, ByHand) {
  // 2..4 in four parts of 0.05: 1..4, 3..4, 2..3, 2..5.
  expect_targets(targets({{2, 4, 0}}, {0.2, 1}), {0, 0.05, 0.95, 1, 0.95, 0.05, 0, 0});
  // No longer than three bars: two parts of 0.1, 3..4 and 2..3.
  expect_targets(targets({{2, 4, 0}}, {0.2, 1}, 3), {0, 0, 0.9, 1, 0.9, 0, 0, 0});
  // At the edge three are left: 1..1, 0..0 and 0..2.
  expect_targets(targets({{0, 1, 0}}, {0.3, 1}), {0.9, 0.9, 0.1, 0, 0, 0, 0, 0});
}

TEST(SmoothTargets, SpansAreDrawnForThemselves) {
  // Bar 3 is reached by 1..2 and by 4..5 with 0.05 each.
  const std::vector<double> target = targets({{1, 2, 0}, {4, 5, 0}}, {0.2, 1});
  EXPECT_NEAR(target[3], 1 - 0.95 * 0.95, 1e-15);
  const std::vector<double> touching = targets({{1, 2, 0}, {3, 4, 0}}, {0.2, 1});
  EXPECT_NEAR(touching[2], 1 - 0.05 * 0.95, 1e-15);
}

}  // namespace
}  // namespace spanlab
