// Balancing methods that scale each loss: scales learned with the parameters, or their optimum.
#include "spanlab/loss/balancing_methods.h"

namespace spanlab {
namespace {

// Uncertainty weighting: sum of L / (2 sigma^2) + ln sigma, sigma learned.
//
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

// UW-O: weights of 1 / L, the optimum of uncertainty weighting at every step.
//
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

// IMTL-L: sum of e^s L - s, s learned.
//
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

std::unique_ptr<Balancer> make_uncertainty() {
  return std::make_unique<Uncertainty>();
}

std::unique_ptr<Balancer> make_uncertainty_optimal() {
  return std::make_unique<UncertaintyOptimal>();
}

std::unique_ptr<Balancer> make_imtl_l() {
  return std::make_unique<ImtlL>();
}

}  // namespace spanlab
