// IMTL-G: the direction whose projections on all gradients are equally long.
#include "spanlab/loss/gram_method-inl.h"

namespace spanlab {
namespace {

// Liu et al., "Towards impartial multi-task learning", ICLR 2021, the gradient balance. With
// cosines R, the parts b = weight x length of the gradient solve R b = (1, .., 1); then the
// projections are equal and positive. The paper scales the weights to sum up to 1, which turns the
// direction around where their sum is negative; here their absolute values sum up to the number of
// tasks.
class ImtlG : public GramMethod {
 protected:
  Eigen::VectorXd combine(const Eigen::MatrixXd& gram, const BalancerInput&) override {
    const Eigen::Index n = gram.rows();
    const Eigen::VectorXd length = gram.diagonal().cwiseSqrt();
    Eigen::MatrixXd system = cosines(gram);
    system.diagonal().array() += kRidge;
    const Eigen::VectorXd part = system.ldlt().solve(Eigen::VectorXd::Ones(n));
    Eigen::VectorXd weight = Eigen::VectorXd::Zero(n);  // of a task without gradient: 0
    for (Eigen::Index i = 0; i < n; ++i) {
      if (length[i] > 0) weight[i] = part[i] / length[i];
    }
    return weight * (static_cast<double>(n) / weight.cwiseAbs().sum());
  }

 private:
  static constexpr double kRidge = 1e-9;  // gradients may be the same
};

}  // namespace

std::unique_ptr<Balancer> make_imtl_g() {
  return std::make_unique<ImtlG>();
}

}  // namespace spanlab
