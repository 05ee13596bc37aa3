// Nash-MTL: the bargain that the tasks would strike about the direction.
#include "spanlab/loss/gram_method-inl.h"

namespace spanlab {
namespace {

// Navon et al., "Multi-task learning as a bargaining game", ICML 2022: weights a > 0 with
// K a = 1 / a, K the inner products. They are the minimum of a' K a / 2 - sum of ln a, which is
// self-concordant, so damped Newton steps find it from anywhere. Solved for unit gradients: scaling
// a loss does not change a single operation. The direction has the length sqrt(T).
class NashMtl : public GramMethod {
 protected:
  bool weighs_own() const override { return true; }

  Eigen::VectorXd combine(const Eigen::MatrixXd& gram, const BalancerInput&) override {
    const Eigen::Index n = gram.rows();
    const Eigen::VectorXd length = gram.diagonal().cwiseSqrt();
    Eigen::MatrixXd system = cosines(gram);
    system.diagonal().array() += kRidge;
    const Eigen::VectorXd part = bargain(system);
    Eigen::VectorXd weight = Eigen::VectorXd::Zero(n);  // of a task without gradient: 0
    for (Eigen::Index i = 0; i < n; ++i) {
      if (length[i] > 0) weight[i] = part[i] / length[i];
    }
    return weight;
  }

 private:
  static Eigen::VectorXd bargain(const Eigen::MatrixXd& system) {
    Eigen::VectorXd a = Eigen::VectorXd::Ones(system.rows());
    for (int i = 0; i < kSteps; ++i) {
      const Eigen::VectorXd inverse = a.cwiseInverse();
      const Eigen::VectorXd gradient = system * a - inverse;
      Eigen::MatrixXd hessian = system;
      hessian.diagonal() += inverse.cwiseAbs2();
      const Eigen::VectorXd change = hessian.ldlt().solve(-gradient);
      const double decrement = std::sqrt(std::max(-change.dot(gradient), 0.0));
      // Below 1/4 a full step stays inside and squares the decrement.
      a += (decrement > 0.25 ? 1 / (1 + decrement) : 1.0) * change;
      if (decrement < 1e-6) break;  // so the next one would be 1e-12
    }
    return a;
  }

  static constexpr double kRidge = 1e-8;  // bounds the weights where gradients are opposed
  static constexpr int kSteps = 200;
};

}  // namespace

std::unique_ptr<Balancer> make_nash_mtl() {
  return std::make_unique<NashMtl>();
}

}  // namespace spanlab
