// Aligned-MTL: the sum of the gradients after their matrix has been made orthogonal.
#include <limits>

#include "spanlab/loss/gram_method-inl.h"

namespace spanlab {
namespace {

// Senushkin et al., "Independent component alignment for multi-task learning", CVPR 2023: with the
// inner products K = V diag(l) V', all singular values sqrt(l) of the gradient matrix become the
// smallest one: weights sqrt(l_min) V diag(l)^(-1/2) V' (1, .., 1).
class AlignedMtl : public GramMethod {
 protected:
  Eigen::VectorXd combine(const Eigen::MatrixXd& gram, const BalancerInput&) override {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(gram);
    const Eigen::VectorXd& value = eigen.eigenvalues();  // ascending
    const Eigen::Index n = gram.rows();
    const double zero =
        value[n - 1] * static_cast<double>(n) * std::numeric_limits<double>::epsilon();
    const Eigen::Index rank = (value.array() > zero).count();
    const auto basis = eigen.eigenvectors().rightCols(rank);
    const Eigen::VectorXd shrink = (value[n - rank] / value.tail(rank).array()).sqrt();
    return basis * shrink.cwiseProduct(basis.transpose() * Eigen::VectorXd::Ones(n));
  }
};

}  // namespace

std::unique_ptr<Balancer> make_aligned_mtl() {
  return std::make_unique<AlignedMtl>();
}

}  // namespace spanlab
