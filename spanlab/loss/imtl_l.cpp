// IMTL-L: sum of e^s L - s, s learned.
#include "spanlab/loss/balancing_methods-inl.h"

namespace spanlab {
namespace {

// Liu et al., "Towards impartial multi-task learning", ICLR 2021, the loss balance. log_scale is s;
// its optimum is e^s L = 1.
class ImtlL : public Balancer {
 public:
  bool learns_log_scale() const override { return true; }
  double warm_log_scale(double loss) const override { return -std::log(positive_loss(loss)); }

  BalancerStep step(const BalancerInput& input) override {
    BalancerStep step = empty_step(input);
    for (const size_t t : present_tasks(input)) {
      const double scale = std::exp(input.log_scale[t]);
      step.total += scale * input.loss[t] - input.log_scale[t];
      step.shared[t] = step.own[t] = scale;
      step.dlog_scale[t] = scale * input.loss[t] - 1;
    }
    return step;
  }
};

}  // namespace

std::unique_ptr<Balancer> make_imtl_l() {
  return std::make_unique<ImtlL>();
}

}  // namespace spanlab
