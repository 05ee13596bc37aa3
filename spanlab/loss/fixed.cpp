// Fixed weights, set by the user.
#include <fmt/format.h>

#include "spanlab/base/error.h"
#include "spanlab/loss/balancing_methods-inl.h"

namespace spanlab {
namespace {

class Fixed : public Balancer {
 public:
  explicit Fixed(std::vector<double> weights) : weights_(std::move(weights)) {}

  BalancerStep step(const BalancerInput& input) override { return weighted_step(input, weights_); }

 private:
  std::vector<double> weights_;
};

}  // namespace

std::unique_ptr<Balancer> make_fixed(const BalancerConfig& config, int tasks) {
  if (config.weights.size() != static_cast<size_t>(tasks)) {
    throw Error(fmt::format("{} loss weights for {} tasks", config.weights.size(), tasks),
                "give one weight for each task");
  }
  for (const double weight : config.weights) {
    if (weight >= 0 && std::isfinite(weight)) continue;
    throw Error(fmt::format("the loss weight {} is out of range", weight),
                "give weights of 0 or more");
  }
  return std::make_unique<Fixed>(config.weights);
}

}  // namespace spanlab
