// FAMO: weights, learned from the losses alone, under which the logarithms of all losses fall
// equally fast.
#include <span>

#include "spanlab/loss/adam.h"
#include "spanlab/loss/balancing_methods.h"

namespace spanlab {
namespace {

// Liu, Feng, Stone and Liu, "FAMO: fast adaptive multitask optimization", NeurIPS 2023. With
// z = softmax(logits), the weights are z / L, scaled to sum up to the number of present tasks (1 in
// the paper). After the step the logits follow how much each ln L fell.
// state, [T] each: logit, Adam's three, ln L before the step, whether present in it.
class Famo : public Balancer {
 public:
  Famo(const BalancingConfig& config, int tasks)
      : learning_rate_(config.rate), decay_(config.famo_decay), tasks_(static_cast<size_t>(tasks)) {
    state_.assign(6 * tasks_, 0.0);
  }

  bool needs_losses_after() const override { return true; }

  BalancerStep step(const BalancerInput& input) override {
    const std::vector<size_t> tasks = present_tasks(input);
    const std::vector<double> z = softmax_weights(input, logits());
    double sum = 0;
    std::vector<double> weight(tasks_, 0.0);
    for (size_t t = 0; t < tasks_; ++t) present(t) = input.present[t] ? 1 : 0;
    for (const size_t t : tasks) {
      const double loss = positive_loss(input.loss[t]);
      log_loss(t) = std::log(loss);
      sum += weight[t] = z[t] / loss;
    }
    for (const size_t t : tasks) weight[t] *= static_cast<double>(tasks.size()) / sum;
    BalancerStep step = weighted_step(input, weight);
    step.total = 0;  // the weights are no function of which training finds a minimum
    for (const size_t t : tasks) step.total += input.loss[t];
    return step;
  }

  void after_step(std::span<const double> loss) override {
    // d (z . fall) / d logit = z (fall - z . fall)
    double highest = -HUGE_VAL, sum = 0, mean = 0;
    for (size_t t = 0; t < tasks_; ++t) {
      if (present(t) != 0) highest = std::max(highest, state_[t]);
    }
    std::vector<double> z(tasks_, 0.0), fall(tasks_, 0.0);
    for (size_t t = 0; t < tasks_; ++t) {
      if (present(t) == 0) continue;
      sum += z[t] = std::exp(state_[t] - highest);
      fall[t] = log_loss(t) - std::log(positive_loss(loss[t]));
      mean += z[t] * fall[t];
    }
    if (sum > 0) mean /= sum;
    if (!std::isfinite(mean)) return;  // no answer to learn from
    for (size_t t = 0; t < tasks_; ++t) {
      if (present(t) == 0) continue;
      const double gradient = z[t] / sum * (fall[t] - mean) + decay_ * state_[t];
      state_[t] += adam_change(gradient, learning_rate_, &state_[tasks_ + 3 * t]);
    }
  }

 private:
  std::vector<double> logits() const {
    return {state_.begin(), state_.begin() + static_cast<std::ptrdiff_t>(tasks_)};
  }
  double& log_loss(size_t t) { return state_[4 * tasks_ + t]; }
  double& present(size_t t) { return state_[5 * tasks_ + t]; }

  double learning_rate_, decay_;
  size_t tasks_;
};

}  // namespace

std::unique_ptr<Balancer> make_famo(const BalancingConfig& config, int tasks) {
  return std::make_unique<Famo>(config, tasks);
}

}  // namespace spanlab
