// Random weights: a softmax of normal numbers, drawn anew every step.
#include "spanlab/base/random.h"
#include "spanlab/loss/balancing_methods-inl.h"

namespace spanlab {
namespace {

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

std::unique_ptr<Balancer> make_rlw(const BalancerConfig& config) {
  return std::make_unique<RandomWeights>(config.seed);
}

}  // namespace spanlab
