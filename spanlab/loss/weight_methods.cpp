// Balancing methods that weight the losses: weights that are given, drawn, or derived from the
// losses.
#include <fmt/format.h>

#include <span>

#include "spanlab/base/error.h"
#include "spanlab/base/random.h"
#include "spanlab/loss/balancing_methods.h"

namespace spanlab {
namespace {

// The plain sum of the losses, as a balancing method.
class PlainSum : public Balancer {
 public:
  BalancerStep step(const BalancerInput& input) override {
    return weighted_step(input, std::vector<double>(input.loss.size(), 1.0));
  }
};

// Fixed weights, set by the user.
class Fixed : public Balancer {
 public:
  explicit Fixed(std::vector<double> weights) : weights_(std::move(weights)) {}

  BalancerStep step(const BalancerInput& input) override { return weighted_step(input, weights_); }

 private:
  std::vector<double> weights_;
};

// Weights of 1 / L(0): every task starts with a weighted loss of 1.
//
// state: [T] the loss of the first batch where the task was present; 0 before it.
class InitialLoss : public Balancer {
 public:
  explicit InitialLoss(int tasks) { state_.assign(static_cast<size_t>(tasks), 0.0); }

  BalancerStep step(const BalancerInput& input) override {
    std::vector<double> weight(input.loss.size(), 1.0);
    for (const size_t t : present_tasks(input)) {
      if (state_[t] == 0 && std::isfinite(input.loss[t])) state_[t] = positive_loss(input.loss[t]);
      if (state_[t] != 0) weight[t] = 1 / state_[t];
    }
    return weighted_step(input, weight);
  }
};

// Dynamic weight average: tasks whose loss falls more slowly weigh more.
//
// Liu, Johns and Davison, "End-to-end multi-task learning with attention", CVPR 2019: T softmax of
// r / temperature, r = L(t - 1) / L(t - 2), t counts epochs; all weights are 1 in the first two.
// state: [T] L(t - 1), then [T] L(t - 2); 0 where there is none yet.
class DynamicWeightAverage : public Balancer {
 public:
  DynamicWeightAverage(double temperature, int tasks) : temperature_(temperature) {
    state_.assign(2 * static_cast<size_t>(tasks), 0.0);
  }

  BalancerStep step(const BalancerInput& input) override {
    const size_t tasks = input.loss.size();
    std::vector<double> logit(tasks);
    for (size_t t = 0; t < tasks; ++t) {
      const double last = state_[t], before = state_[tasks + t];
      logit[t] = (before == 0 ? 1 : last / before) / temperature_;
    }
    return weighted_step(input, softmax_weights(input, logit));
  }

  void end_epoch(std::span<const double> mean_loss) override {
    const size_t tasks = mean_loss.size();
    for (size_t t = 0; t < tasks; ++t) {
      if (!std::isfinite(mean_loss[t])) continue;  // the epoch had no targets of this task
      state_[tasks + t] = state_[t];
      state_[t] = positive_loss(mean_loss[t]);
    }
  }

 private:
  double temperature_;
};

// Random weights: a softmax of normal numbers, drawn anew every step.
//
// Lin et al., "Reasonable effectiveness of random weighting", TMLR 2022; times the number of tasks.
class RandomWeights : public Balancer {
 public:
  explicit RandomWeights(uint64_t seed) : seed_(seed) {}

  BalancerStep step(const BalancerInput& input) override {
    RandomStream stream(seed_, Purpose::balancing, input.epoch, input.batch);
    std::vector<double> logit(input.loss.size());
    for (double& value : logit) value = stream.normal();
    return weighted_step(input, softmax_weights(input, logit));
  }

 private:
  uint64_t seed_;
};

}  // namespace

std::unique_ptr<Balancer> make_sum() {
  return std::make_unique<PlainSum>();
}

std::unique_ptr<Balancer> make_fixed(const std::vector<double>& weights) {
  for (const double weight : weights) {
    if (weight >= 0 && std::isfinite(weight)) continue;
    throw Error(fmt::format("the loss weight {} is out of range", weight),
                "give weights of 0 or more");
  }
  return std::make_unique<Fixed>(weights);
}

std::unique_ptr<Balancer> make_initial_loss(int tasks) {
  return std::make_unique<InitialLoss>(tasks);
}

std::unique_ptr<Balancer> make_dwa(const BalancingConfig& config, int tasks) {
  return std::make_unique<DynamicWeightAverage>(config.dwa_temperature, tasks);
}

std::unique_ptr<Balancer> make_rlw(uint64_t seed) {
  return std::make_unique<RandomWeights>(seed);
}

}  // namespace spanlab
