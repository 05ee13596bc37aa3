// Uncertainty weighting: sum of L / (2 sigma^2) + ln sigma, sigma learned.
#include "spanlab/loss/balancing_methods-inl.h"

namespace spanlab {
namespace {

// Kendall, Gal and Cipolla, "Multi-task learning using uncertainty to weigh losses", CVPR 2018.
// log_scale is ln sigma; its optimum is sigma^2 = L.
class Uncertainty : public Balancer {
 public:
  bool learns_log_scale() const override { return true; }
  double warm_log_scale(double loss) const override { return std::log(positive_loss(loss)) / 2; }

  BalancerStep step(const BalancerInput& input) override {
    BalancerStep step = empty_step(input);
    for (const size_t t : present_tasks(input)) {
      const double precision = std::exp(-2 * input.log_scale[t]);  // 1 / sigma^2
      step.total += input.loss[t] * precision / 2 + input.log_scale[t];
      step.shared[t] = step.own[t] = precision / 2;
      step.dlog_scale[t] = 1 - input.loss[t] * precision;
    }
    return step;
  }
};

}  // namespace

std::unique_ptr<Balancer> make_uncertainty() {
  return std::make_unique<Uncertainty>();
}

}  // namespace spanlab
