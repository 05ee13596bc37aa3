// MGDA: the shortest vector among all weighted means of the gradients.
#include "spanlab/loss/gram_method-inl.h"
#include "spanlab/loss/min_norm-inl.h"

namespace spanlab {
namespace {

// Desideri, "Multiple-gradient descent algorithm", 2012; Sener and Koltun, "Multi-task learning as
// multi-objective optimization", NeurIPS 2018. Times the number of tasks, so that equal weights
// make the sum.
class Mgda : public GramMethod {
 protected:
  Eigen::VectorXd combine(const Eigen::MatrixXd& gram, const BalancerInput&) override {
    return static_cast<double>(gram.rows()) * min_norm_weights(gram);
  }
};

}  // namespace

std::unique_ptr<Balancer> make_mgda() {
  return std::make_unique<Mgda>();
}

}  // namespace spanlab
