// Calibration against data whose map is known.
#include "spanlab/metrics/calibration_map.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "spanlab/base/random.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

struct Bars {
  std::vector<float> probability, mask;
};

/// Bars whose log odds x are normal, inside a span with probability logistic(slope x + offset).
Bars bars_of_map(int count, double slope, double offset) {
  RandomStream stream(31, Purpose::bootstrap);
  Bars bars;
  for (int i = 0; i < count; ++i) {
    const double x = 1.5 * stream.normal() - 1;
    bars.probability.push_back(static_cast<float>(logistic(x)));
    bars.mask.push_back(stream.uniform() < logistic(slope * x + offset) ? 1.0f : 0.0f);
  }
  return bars;
}

double log_loss(const Bars& bars, const CalibrationMap& map) {
  double sum = 0;
  for (size_t i = 0; i < bars.mask.size(); ++i) {
    const double p = map(static_cast<double>(bars.probability[i]));
    sum -= std::log(bars.mask[i] > 0 ? p : 1 - p);
  }
  return sum / static_cast<double>(bars.mask.size());
}

TEST(CalibrationMap, IsALineOfLogOdds) {
  const CalibrationMap map{0.5, -1};
  EXPECT_NEAR(map(0.5), logistic(-1), 1e-15);
  EXPECT_NEAR(map(0.8), logistic(0.5 * std::log(4.0) - 1), 1e-15);
  const CalibrationMap same;
  for (const double p : {0.001, 0.3, 0.999}) EXPECT_NEAR(same(p), p, 1e-14);
  // The ends are taken 1e-6 inside.
  EXPECT_NEAR(same(0), 1e-6, 1e-15);
  EXPECT_NEAR(same(1), 1 - 1e-6, 1e-12);
}

TEST(CalibrationMap, IsMonotone) {
  const CalibrationMap map{0.3, 2};
  double before = -1;
  for (int i = 0; i <= 1000; ++i) {
    const double p = map(i / 1000.0);
    EXPECT_GT(p, before);
    EXPECT_LT(p, 1);
    before = p;
  }
}

// Standard errors of slope and offset at 20000 bars are about 0.02 to 0.04.
TEST(FitCalibration, FindsTheMapOfTheData) {
  for (const CalibrationMap& truth :
       {CalibrationMap{1, 0}, CalibrationMap{0.5, -1}, CalibrationMap{2, 1}}) {
    const Bars bars = bars_of_map(20000, truth.slope, truth.offset);
    const CalibrationMap found = fit_calibration(bars.probability, bars.mask);
    EXPECT_NEAR(found.slope, truth.slope, 0.1);
    EXPECT_NEAR(found.offset, truth.offset, 0.1);
  }
}

TEST(FitCalibration, HasTheLeastLogLoss) {
  const Bars bars = bars_of_map(5000, 0.6, -0.7);
  const CalibrationMap found = fit_calibration(bars.probability, bars.mask);
  const double least = log_loss(bars, found);
  EXPECT_LT(least, log_loss(bars, {}));
  for (const auto& [ds, doff] : {std::pair{0.1, 0.0}, {-0.1, 0.0}, {0.0, 0.1}, {0.0, -0.1}}) {
    EXPECT_LT(least, log_loss(bars, {found.slope + ds, found.offset + doff}));
  }
  // On average the calibrated probabilities are right.
  double mean = 0, inside = 0;
  for (size_t i = 0; i < bars.mask.size(); ++i) {
    mean += found(static_cast<double>(bars.probability[i]));
    inside += static_cast<double>(bars.mask[i]);
  }
  EXPECT_NEAR(mean / inside, 1, 1e-3);
}

TEST(FitCalibration, SlopeAloneLeavesOneHalfWhereItIs) {
  const Bars bars = bars_of_map(20000, 0.5, 0);
  const CalibrationMap found = fit_calibration(bars.probability, bars.mask, false);
  EXPECT_EQ(found.offset, 0);
  EXPECT_NEAR(found.slope, 0.5, 0.05);
  EXPECT_NEAR(found(0.5), 0.5, 1e-15);
}

TEST(FitCalibration, SeparableClassesStayFinite) {
  Bars bars;
  for (int i = 0; i < 100; ++i) {
    bars.probability.push_back(i < 50 ? 0.2f : 0.6f);
    bars.mask.push_back(i < 50 ? 0.0f : 1.0f);
  }
  const CalibrationMap found = fit_calibration(bars.probability, bars.mask);
  EXPECT_TRUE(std::isfinite(found.slope) && std::isfinite(found.offset));
  // The prior holds one bar of 52 to be on the other side.
  EXPECT_NEAR(found(static_cast<double>(0.2f)), 1.0 / 52, 1e-6);
  EXPECT_NEAR(found(static_cast<double>(0.6f)), 51.0 / 52, 1e-6);
}

TEST(FitCalibration, OneClassAloneStaysFinite) {
  const std::vector<float> probability{0.1f, 0.2f, 0.4f}, none(3, 0.0f), all(3, 1.0f);
  for (const auto* mask : {&none, &all}) {
    const CalibrationMap found = fit_calibration(probability, *mask);
    EXPECT_TRUE(std::isfinite(found.slope) && std::isfinite(found.offset));
    EXPECT_GE(found.slope, 0.01);
  }
}

TEST(FitCalibration, AProbabilityThatSaysNothingBecomesTheBaseRate) {
  const std::vector<float> probability(1000, 0.5f);
  std::vector<float> mask(1000, 0.0f);
  for (size_t i = 0; i < 100; ++i) mask[i] = 1;
  const CalibrationMap found = fit_calibration(probability, mask);
  EXPECT_NEAR(found(0.5), 0.1, 0.005);
}

TEST(FitCalibration, RanksTheWrongWayRoundBecomeNearlyEven) {
  Bars bars = bars_of_map(5000, 1, 0);
  for (float& y : bars.mask) y = 1 - y;
  const CalibrationMap found = fit_calibration(bars.probability, bars.mask);
  EXPECT_EQ(found.slope, 0.01);
  // The base rate is still right.
  double mean = 0, inside = 0;
  for (size_t i = 0; i < bars.mask.size(); ++i) {
    mean += found(static_cast<double>(bars.probability[i]));
    inside += static_cast<double>(bars.mask[i]);
  }
  EXPECT_NEAR(mean / inside, 1, 0.01);
}

TEST(FitCalibration, ExtremeProbabilitiesAreTakenAsTheyStand) {
  // Certain and mostly right: the map takes certainty down to what it is worth.
  Bars bars;
  for (int i = 0; i < 1000; ++i) {
    bars.probability.push_back(i % 2 == 0 ? 0.0f : 1.0f);
    bars.mask.push_back((i % 2 == 0) == (i % 20 < 2) ? 1.0f : 0.0f);
  }
  const CalibrationMap found = fit_calibration(bars.probability, bars.mask);
  EXPECT_NEAR(found(0), 0.1, 0.01);
  EXPECT_NEAR(found(1), 0.9, 0.01);
}

TEST(FitCalibration, RefusesWhatItCannotCalibrate) {
  const std::vector<float> two{0.1f, 0.2f}, one{1.0f}, none;
  const std::vector<float> broken{0.1f, std::numeric_limits<float>::quiet_NaN()};
  expect_error([&] { fit_calibration(two, one); }, {"calibration needs a probability"});
  expect_error([&] { fit_calibration(none, none); }, {"calibration needs a probability"});
  expect_error([&] { fit_calibration(broken, two); }, {"a probability is NaN"});
}

}  // namespace
}  // namespace spanlab
