// The factories of the balancing methods, and what their files share.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "spanlab/loss/balancer.h"

namespace spanlab {

// `tasks`: T. Each reads its own settings.
std::unique_ptr<Balancer> make_sum();
std::unique_ptr<Balancer> make_fixed(const std::vector<double>& weights);
std::unique_ptr<Balancer> make_initial_loss(int tasks);
std::unique_ptr<Balancer> make_uncertainty();
std::unique_ptr<Balancer> make_uncertainty_optimal();
std::unique_ptr<Balancer> make_dwa(const BalancingConfig& config, int tasks);
std::unique_ptr<Balancer> make_rlw(uint64_t seed);
std::unique_ptr<Balancer> make_gradnorm(const BalancingConfig& config, int tasks);
std::unique_ptr<Balancer> make_pcgrad(uint64_t seed);
std::unique_ptr<Balancer> make_cagrad(const BalancingConfig& config);
std::unique_ptr<Balancer> make_mgda();
std::unique_ptr<Balancer> make_imtl_l();
std::unique_ptr<Balancer> make_imtl_g();
std::unique_ptr<Balancer> make_nash_mtl();
std::unique_ptr<Balancer> make_famo(const BalancingConfig& config, int tasks);
std::unique_ptr<Balancer> make_aligned_mtl();

// Losses are taken as at least this where they are divided by or their logarithm is taken.
constexpr double kSmallestLoss = 1e-8;

// A loss that is not a number stays one.
inline double positive_loss(double loss) {
  return std::max(loss, kSmallestLoss);
}

// The numbers of the tasks that the batch has targets for, ascending.
inline std::vector<size_t> present_tasks(const BalancerInput& input) {
  std::vector<size_t> tasks;
  for (size_t t = 0; t < input.loss.size(); ++t) {
    if (input.present[t]) tasks.push_back(t);
  }
  return tasks;
}

// All zero, of the right sizes.
inline BalancerStep empty_step(const BalancerInput& input) {
  const size_t tasks = input.loss.size();
  BalancerStep step;
  step.shared.assign(tasks, 0.0);
  step.own.assign(tasks, 0.0);
  step.dlog_scale.assign(input.log_scale.size(), 0.0);
  return step;
}

// Every parameter gets the gradient of the sum of weight times loss. `weight`: [T]; those of absent
// tasks are not looked at.
inline BalancerStep weighted_step(const BalancerInput& input, const std::vector<double>& weight) {
  BalancerStep step = empty_step(input);
  for (const size_t t : present_tasks(input)) {
    step.total += weight[t] * input.loss[t];
    step.shared[t] = step.own[t] = weight[t];
  }
  return step;
}

// Softmax over the present tasks times their number: 1 each where all are equal, 0 for absent ones.
// `logit`: [T].
inline std::vector<double> softmax_weights(const BalancerInput& input,
                                           const std::vector<double>& logit) {
  const std::vector<size_t> tasks = present_tasks(input);
  std::vector<double> weight(logit.size(), 0.0);
  if (tasks.empty()) return weight;
  double highest = logit[tasks[0]], sum = 0;
  for (const size_t t : tasks) highest = std::max(highest, logit[t]);
  for (const size_t t : tasks) sum += weight[t] = std::exp(logit[t] - highest);
  for (const size_t t : tasks) weight[t] *= static_cast<double>(tasks.size()) / sum;
  return weight;
}

}  // namespace spanlab
