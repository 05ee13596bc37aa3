// Platt scaling by Newton's method.
#include "spanlab/metrics/calibration_map.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "spanlab/base/error.h"

namespace spanlab {
namespace {

constexpr double kEnd = 1e-6;
constexpr double kSmallestSlope = 0.01;
constexpr double kLongestStep = 1;
constexpr int kMostNewtonSteps = 100;

double log_odds(double p) {
  const double q = std::clamp(p, kEnd, 1 - kEnd);
  return std::log(q / (1 - q));
}

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

/// The map of least log loss with `target` [bars] on log odds x [bars], by Newton's method from
/// `map` on. What is not free stays as it is there.
CalibrationMap newton(std::span<const double> x, std::span<const double> target, CalibrationMap map,
                      bool slope_free, bool offset_free) {
  for (int step = 0; step < kMostNewtonSteps; ++step) {
    double gs = 0, go = 0, hss = 1e-9, hso = 0, hoo = 1e-9;
    for (size_t i = 0; i < x.size(); ++i) {
      const double p = logistic(map.slope * x[i] + map.offset);
      const double error = p - target[i], weight = p * (1 - p);
      gs += error * x[i];
      go += error;
      hss += weight * x[i] * x[i];
      hso += weight * x[i];
      hoo += weight;
    }
    if (!slope_free || !offset_free) hso = 0;  // each for itself, and one of them stands still
    const double determinant = hss * hoo - hso * hso;
    const double ds = slope_free ? -(hoo * gs - hso * go) / determinant : 0;
    const double doff = offset_free ? -(hss * go - hso * gs) / determinant : 0;
    // Far from the optimum a Newton step can overshoot.
    const double size = std::max(std::abs(ds), std::abs(doff));
    const double scale = size > kLongestStep ? kLongestStep / size : 1;
    map.slope += scale * ds;
    map.offset += scale * doff;
    if (size < 1e-10) break;
  }
  return map;
}

}  // namespace

double CalibrationMap::operator()(double p) const {
  return logistic(slope * log_odds(p) + offset);
}

CalibrationMap fit_calibration(std::span<const float> probability, std::span<const float> mask,
                               bool offset) {
  if (probability.size() != mask.size() || probability.empty()) {
    throw Error("calibration needs a probability and a label for every bar",
                "give one label for each probability, and at least one of each");
  }
  std::vector<double> x;
  double inside = 0;
  for (size_t i = 0; i < probability.size(); ++i) {
    if (std::isnan(probability[i])) {
      throw Error("a probability is NaN, so calibration is not possible",
                  "find the cause with the command `diagnose`");
    }
    x.push_back(log_odds(probability[i]));
    inside += mask[i];
  }
  // Platt's targets: one bar of each class is taken to be on the other side.
  const double outside = static_cast<double>(mask.size()) - inside;
  const double high = (inside + 1) / (inside + 2), low = 1 / (outside + 2);
  std::vector<double> target;
  for (const float y : mask) target.push_back(y > 0.5f ? high : low);
  const CalibrationMap map = newton(x, target, {}, true, offset);
  if (map.slope >= kSmallestSlope) return map;
  // The offset belongs to its slope.
  return newton(x, target, {kSmallestSlope, 0}, false, offset);
}

}  // namespace spanlab
