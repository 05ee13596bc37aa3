// Weights of 1 / L(0): every task starts with a weighted loss of 1.
#include "spanlab/loss/balancing_methods-inl.h"

namespace spanlab {
namespace {

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

}  // namespace

std::unique_ptr<Balancer> make_initial_loss(int tasks) {
  return std::make_unique<InitialLoss>(tasks);
}

}  // namespace spanlab
