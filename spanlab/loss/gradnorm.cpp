// GradNorm: weights under which all tasks' gradients have the norm that their training rate asks
// for.
#include "spanlab/loss/adam.h"
#include "spanlab/loss/balancing_methods.h"

namespace spanlab {
namespace {

// Chen et al., "GradNorm: gradient normalization for adaptive loss balancing", ICML 2018. The
// weights w minimise the sum of |G - mean(G) r^alpha|, G = w |g|, r = (L / L(0)) over its mean; the
// target counts as constant. Then they are scaled to sum up to the number of present tasks.
// state: [T] w, [T] L(0) (0 before it is known), [T, 3] Adam's.
class GradNorm : public Balancer {
 public:
  GradNorm(const BalancingConfig& config, int tasks)
      : alpha_(config.gradnorm_alpha),
        learning_rate_(config.rate),
        tasks_(static_cast<size_t>(tasks)) {
    state_.assign(5 * tasks_, 0.0);
    std::fill_n(state_.begin(), tasks_, 1.0);
  }

  bool needs_gram() const override { return true; }

  BalancerStep step(const BalancerInput& input) override {
    const std::vector<size_t> tasks = present_tasks(input);
    const auto n = static_cast<double>(tasks.size());
    double sum = 0;
    for (const size_t t : tasks) sum += state_[t];
    std::vector<double> weight(tasks_, 0.0);
    for (const size_t t : tasks) weight[t] = state_[t] * n / sum;
    learn(input, tasks);
    return weighted_step(input, weight);
  }

 private:
  void learn(const BalancerInput& input, const std::vector<size_t>& tasks) {
    const auto n = static_cast<double>(tasks.size());
    std::vector<double> length(tasks_), pace(tasks_);
    double mean_length = 0, mean_pace = 0, sum = 0;
    for (const size_t t : tasks) {
      double& first = state_[tasks_ + t];
      if (first == 0 && std::isfinite(input.loss[t])) first = positive_loss(input.loss[t]);
      length[t] = std::sqrt(input.gram[t * tasks_ + t]);
      pace[t] = input.loss[t] / first;
      mean_length += state_[t] * length[t] / n;
      mean_pace += pace[t] / n;
      sum += state_[t];
    }
    if (!std::isfinite(mean_length) || !std::isfinite(mean_pace) || !(mean_pace > 0)) return;
    double new_sum = 0;
    for (const size_t t : tasks) {
      const double excess =
          state_[t] * length[t] - mean_length * std::pow(pace[t] / mean_pace, alpha_);
      const double gradient = excess > 0 ? length[t] : excess < 0 ? -length[t] : 0;
      state_[t] += adam_change(gradient, learning_rate_, &state_[2 * tasks_ + 3 * t]);
      state_[t] = std::max(state_[t], kSmallestWeight);
      new_sum += state_[t];
    }
    for (const size_t t : tasks) state_[t] *= sum / new_sum;  // absent tasks keep their part
  }

  static constexpr double kSmallestWeight = 1e-3;  // a step may not turn a task around
  double alpha_, learning_rate_;
  size_t tasks_;
};

}  // namespace

std::unique_ptr<Balancer> make_gradnorm(const BalancingConfig& config, int tasks) {
  return std::make_unique<GradNorm>(config, tasks);
}

}  // namespace spanlab
