// UW-O: weights of 1 / L, the optimum of uncertainty weighting at every step.
#include "spanlab/loss/balancing_methods-inl.h"

namespace spanlab {
namespace {

// Kirchdorfer et al., "Analytical uncertainty-based loss weighting in multi-task learning", 2024:
// the gradient of the sum of ln L.
class UncertaintyOptimal : public Balancer {
 public:
  BalancerStep step(const BalancerInput& input) override {
    BalancerStep step = empty_step(input);
    for (const size_t t : present_tasks(input)) {
      const double loss = positive_loss(input.loss[t]);
      step.total += std::log(loss);
      step.shared[t] = step.own[t] = 1 / loss;
    }
    return step;
  }
};

}  // namespace

std::unique_ptr<Balancer> make_uncertainty_optimal() {
  return std::make_unique<UncertaintyOptimal>();
}

}  // namespace spanlab
