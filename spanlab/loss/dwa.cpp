// Dynamic weight average: tasks whose loss falls more slowly weigh more.
#include <span>

#include "spanlab/loss/balancing_methods-inl.h"

namespace spanlab {
namespace {

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

}  // namespace

std::unique_ptr<Balancer> make_dwa(const BalancerConfig& config, int tasks) {
  return std::make_unique<DynamicWeightAverage>(config.dwa_temperature, tasks);
}

}  // namespace spanlab
