// Platt scaling by Newton's method.
#include "spanlab/measure/calibration_map.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "spanlab/base/error.h"

namespace spanlab {
namespace {

constexpr double kEnd = 1e-6;
constexpr double kSmallestSlope = 0.01;

double log_odds(double p) {
  const double q = std::clamp(p, kEnd, 1 - kEnd);
  return std::log(q / (1 - q));
}

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

}  // namespace

double CalibrationMap::operator()(double p) const {
  return logistic(slope * log_odds(p) + offset);
}

CalibrationMap fit_calibration(std::span<const float> probability, std::span<const float> mask,
                               bool offset) {
  if (probability.size() != mask.size() || probability.empty()) {
    throw Error("calibration needs bars with a probability and a label each", "");
  }
  std::vector<double> x;
  double inside = 0;
  for (size_t i = 0; i < probability.size(); ++i) {
    if (std::isnan(probability[i])) {
      throw Error("a probability is not a number, so nothing can be calibrated",
                  "see what `spanlab diagnose` says of the run");
    }
    x.push_back(log_odds(probability[i]));
    inside += mask[i];
  }
  // Platt's targets: one bar of each class is taken to be on the other side.
  const double outside = static_cast<double>(mask.size()) - inside;
  const double high = (inside + 1) / (inside + 2), low = 1 / (outside + 2);
  CalibrationMap map;
  for (int step = 0; step < 100; ++step) {
    double gs = 0, go = 0, hss = 1e-9, hso = 0, hoo = 1e-9;
    for (size_t i = 0; i < x.size(); ++i) {
      const double p = logistic(map.slope * x[i] + map.offset);
      const double error = p - (mask[i] > 0.5f ? high : low), weight = p * (1 - p);
      gs += error * x[i];
      go += error;
      hss += weight * x[i] * x[i];
      hso += weight * x[i];
      hoo += weight;
    }
    double ds = -gs / hss, doff = 0;
    if (offset) {
      const double determinant = hss * hoo - hso * hso;
      ds = -(hoo * gs - hso * go) / determinant;
      doff = -(hss * go - hso * gs) / determinant;
    }
    // Far from the optimum a Newton step can overshoot.
    const double size = std::max(std::abs(ds), std::abs(doff)), most = 1.0;
    const double scale = size > most ? most / size : 1;
    map.slope += scale * ds;
    map.offset += scale * doff;
    if (size < 1e-10) break;
  }
  map.slope = std::max(map.slope, kSmallestSlope);
  return map;
}

}  // namespace spanlab
