// The plain sum of the losses, as a balancing method.
#include "spanlab/loss/balancing_methods-inl.h"

namespace spanlab {
namespace {

class PlainSum : public Balancer {
 public:
  BalancerStep step(const BalancerInput& input) override {
    return weighted_step(input, std::vector<double>(input.loss.size(), 1.0));
  }
};

}  // namespace

std::unique_ptr<Balancer> make_sum() {
  return std::make_unique<PlainSum>();
}

}  // namespace spanlab
