// A batch as the balancing methods see it: losses and task gradients made up by a test.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "spanlab/base/random.h"
#include "spanlab/loss/balancer.h"

namespace spanlab::testing {

/// Every method, with the key of the recipe that names it.
inline const std::vector<std::pair<Balancing, std::string>>& balancing_methods() {
  static const std::vector<std::pair<Balancing, std::string>> kMethods{
      {Balancing::sum, "sum"},
      {Balancing::fixed, "fixed"},
      {Balancing::initial_loss, "initial_loss"},
      {Balancing::uncertainty, "uncertainty"},
      {Balancing::uncertainty_optimal, "uncertainty_optimal"},
      {Balancing::dwa, "dwa"},
      {Balancing::rlw, "rlw"},
      {Balancing::gradnorm, "gradnorm"},
      {Balancing::pcgrad, "pcgrad"},
      {Balancing::cagrad, "cagrad"},
      {Balancing::mgda, "mgda"},
      {Balancing::imtl_l, "imtl_l"},
      {Balancing::imtl_g, "imtl_g"},
      {Balancing::nash_mtl, "nash_mtl"},
      {Balancing::famo, "famo"},
      {Balancing::aligned_mtl, "aligned_mtl"}};
  return kMethods;
}

/// A method for T tasks; fixed weights are those of the configuration in turn.
inline std::unique_ptr<Balancer> balancer(const BalancingConfig& config, int tasks) {
  std::vector<double> weights(static_cast<size_t>(tasks));
  for (size_t t = 0; t < weights.size(); ++t) weights[t] = config.weights[t % kTaskCount];
  return make_balancer(config, weights, 7);
}

inline std::unique_ptr<Balancer> balancer(Balancing method, int tasks) {
  return balancer(BalancingConfig{.method = method, .weights = {1, 2, 3, 4}}, tasks);
}

/// One batch. Absent tasks have losses and gradients all the same: a method must not look at them.
struct BatchOfTasks {
  std::vector<double> loss, log_scale;         // [T]
  std::vector<uint8_t> present;                // [T]
  std::vector<std::vector<double>> gradients;  // [T][P]
  uint32_t epoch = 1, batch = 0;
  std::vector<double> gram;  // [T, T], filled by step()

  /// Losses in (0.1, 3), normal gradients, log scales of 0, all present.
  static BatchOfTasks random(size_t tasks, uint32_t number, size_t parameters = 12) {
    RandomStream stream(11, Purpose::parameter_init, 0, number);
    BatchOfTasks batch;
    batch.batch = number;
    for (size_t t = 0; t < tasks; ++t) {
      batch.loss.push_back(stream.uniform(0.1, 3));
      std::vector<double>& gradient = batch.gradients.emplace_back(parameters);
      for (double& value : gradient) value = stream.normal();
    }
    batch.log_scale.assign(tasks, 0.0);
    batch.present.assign(tasks, 1);
    return batch;
  }

  static BatchOfTasks of(std::vector<std::vector<double>> gradients) {
    BatchOfTasks batch = random(gradients.size(), 0);
    batch.gradients = std::move(gradients);
    return batch;
  }

  /// Multiplies the loss of a task by c.
  void scale(size_t task, double c) {
    loss[task] *= c;
    for (double& value : gradients[task]) value *= c;
  }

  BalancerStep step(Balancer& method) {
    const size_t tasks = loss.size();
    gram.assign(tasks * tasks, 0.0);
    for (size_t i = 0; i < tasks; ++i) {
      for (size_t j = 0; j < tasks; ++j) {
        for (size_t p = 0; p < gradients[i].size(); ++p) {
          gram[i * tasks + j] += gradients[i][p] * gradients[j][p];
        }
      }
    }
    BalancerInput input;
    input.loss = loss;
    input.present = present;
    if (method.needs_gram()) input.gram = gram;
    if (method.learns_log_scale()) input.log_scale = log_scale;
    input.epoch = epoch;
    input.batch = batch;
    return method.step(input);
  }

  /// Sum of weight times gradient: [P].
  std::vector<double> direction(const std::vector<double>& weight) const {
    std::vector<double> sum(gradients[0].size(), 0.0);
    for (size_t t = 0; t < weight.size(); ++t) {
      for (size_t p = 0; p < sum.size(); ++p) sum[p] += weight[t] * gradients[t][p];
    }
    return sum;
  }
};

inline double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace spanlab::testing
