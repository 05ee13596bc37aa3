// The two-parameter toy on which balancing methods are compared: two losses of different scale.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "spanlab/loss/adam.h"
#include "spanlab/loss/balancer.h"
#include "tests/loss/batch_of_tasks.h"

namespace spanlab::testing {

/// Liu et al., "Conflict-averse gradient descent", NeurIPS 2021, appendix; the constants are those
/// of the code published with CAGrad, Nash-MTL and FAMO. The losses lie above -21 scale and -21.
/// Pareto-optimal points lie near x2 = -8.3552 with x1 in [-7, 7].
struct Toy2d {
  struct Point {
    std::array<double, 2> loss;                      // [task]
    std::array<std::array<double, 2>, 2> gradients;  // [task][parameter]
  };
  static constexpr double kParetoX2 = -8.3552;
  static constexpr std::array<std::array<double, 2>, 5> kStarts{
      {{-8.5, 7.5}, {0, 0}, {9, 9}, {-7.5, -0.5}, {9, -1}}};

  double scale = 0.1;  // of the first loss

  Point at(const std::array<double, 2>& x) const {
    const double wave = std::tanh(-x[1]), wave_slope = -(1 - wave * wave);
    const Part f1 = logarithm(0.5 * (-x[0] - 7) - wave, -0.5, -wave_slope);
    const Part f2 = logarithm(0.5 * (-x[0] + 3) + wave + 2, -0.5, wave_slope);
    const Part c1 = gate(0.5 * x[1], 0.5), c2 = gate(-0.5 * x[1], -0.5);
    const Part q1 = bowl(x, 7), q2 = bowl(x, -7);
    Point point;
    point.loss = {scale * (f1.value * c1.value + q1.value * c2.value),
                  f2.value * c1.value + q2.value * c2.value};
    for (size_t p = 0; p < 2; ++p) {
      point.gradients[0][p] = scale * (f1.slope[p] * c1.value + f1.value * c1.slope[p] +
                                       q1.slope[p] * c2.value + q1.value * c2.slope[p]);
      point.gradients[1][p] = f2.slope[p] * c1.value + f2.value * c1.slope[p] +
                              q2.slope[p] * c2.value + q2.value * c2.slope[p];
    }
    return point;
  }

  /// Each loss above its lower bound, for methods that take logarithms or divide.
  std::array<double, 2> loss_above_bound(const Point& point) const {
    return {point.loss[0] + 21 * scale, point.loss[1] + 21};
  }

 private:
  struct Part {
    double value;
    std::array<double, 2> slope;  // by x1 and x2
  };

  static Part logarithm(double inner, double slope1, double slope2) {
    constexpr double kLower = 5e-6;
    const double size = std::abs(inner);
    if (size < kLower) return {std::log(kLower) + 6, {0, 0}};
    return {std::log(size) + 6, {slope1 / inner, slope2 / inner}};
  }
  // max(tanh(u), 0) with slope 1 at u = 0, as PyTorch's clamp has it: that matters for the start
  // (0, 0).
  static Part gate(double u, double slope) {
    const double value = std::tanh(u);
    if (value < 0) return {0, {0, 0}};
    return {value, {0, slope * (1 - value * value)}};
  }
  static Part bowl(const std::array<double, 2>& x, double centre) {
    const double a = -x[0] + centre, b = -x[1] - 8;
    return {(a * a + 0.1 * b * b) / 10 - 20, {-a / 5, -0.02 * b}};
  }
};

/// How one run of the toy is made.
struct ToyRun {
  BalancingConfig balancing{.method = Balancing::sum};
  double scale = 0.1;
  bool warm = false;         ///< learned scales start at their optimum
  double scale_rate = 1e-3;  ///< learning rate of learned scales
  int steps = 50000;
};

/// Where a run that starts at x ends: Adam with a learning rate of 0.001.
inline std::array<double, 2> run_toy(const ToyRun& run, std::array<double, 2> x) {
  constexpr double kRate = 1e-3;
  constexpr uint32_t kEpoch = 1000;  // steps, for methods that count epochs
  const Toy2d toy{run.scale};
  const std::unique_ptr<Balancer> method = balancer(run.balancing, 2);
  const std::vector<uint8_t> present{1, 1};
  std::array<std::array<double, 3>, 4> adam{};  // of x1, x2 and the two scales
  std::vector<double> log_scale(2, 0.0), gram(4), mean_loss(2, 0.0);
  for (int step = 0; step < run.steps; ++step) {
    const Toy2d::Point point = toy.at(x);
    const std::array<double, 2> loss = toy.loss_above_bound(point);
    const auto& g = point.gradients;
    for (size_t i = 0; i < 4; ++i) gram[i] = g[i / 2][0] * g[i % 2][0] + g[i / 2][1] * g[i % 2][1];
    BalancerInput input{loss, present, {}, {}};
    if (method->needs_gram()) input.gram = gram;
    if (method->learns_log_scale()) input.log_scale = log_scale;
    for (size_t t = 0; t < 2 && run.warm && step == 0; ++t) {
      log_scale[t] = method->warm_log_scale(loss[t]);
    }
    input.epoch = 1 + static_cast<uint32_t>(step) / kEpoch;
    input.batch = static_cast<uint32_t>(step) % kEpoch;
    const BalancerStep answer = method->step(input);
    for (size_t p = 0; p < 2; ++p) {
      const double slope = answer.shared[0] * g[0][p] + answer.shared[1] * g[1][p];
      x[p] += adam_change(slope, kRate, adam[p].data());
    }
    for (size_t t = 0; t < answer.dlog_scale.size(); ++t) {
      log_scale[t] += adam_change(answer.dlog_scale[t], run.scale_rate, adam[2 + t].data());
    }
    if (method->needs_losses_after()) method->after_step(toy.loss_above_bound(toy.at(x)));
    for (size_t t = 0; t < 2; ++t) mean_loss[t] += loss[t] / kEpoch;
    if (input.batch + 1 == kEpoch) {
      method->end_epoch(mean_loss);
      mean_loss.assign(2, 0.0);
    }
  }
  return x;
}

/// Whether a run ended at a Pareto-optimal point.
inline bool reached_front(const std::array<double, 2>& x) {
  return std::abs(x[1] - Toy2d::kParetoX2) < 0.15;
}

}  // namespace spanlab::testing
