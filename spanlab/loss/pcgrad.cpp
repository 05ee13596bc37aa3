// PCGrad: each gradient loses its part against the gradients that it conflicts with.
#include <numeric>
#include <span>

#include "spanlab/base/random.h"
#include "spanlab/loss/gram_method-inl.h"

namespace spanlab {
namespace {

// Yu et al., "Gradient surgery for multi-task learning", NeurIPS 2020: for each task, against the
// others in random order, if g . g_j < 0: g -= (g . g_j) / |g_j|^2 g_j; then the sum.
class PcGrad : public GramMethod {
 public:
  explicit PcGrad(uint64_t seed) : seed_(seed) {}

 protected:
  Eigen::VectorXd combine(const Eigen::MatrixXd& gram, const BalancerInput& input) override {
    RandomStream stream(seed_, Purpose::balancing, input.epoch, input.batch);
    const Eigen::Index n = gram.rows();
    std::vector<Eigen::Index> order(static_cast<size_t>(n));
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      std::iota(order.begin(), order.end(), Eigen::Index{0});
      stream.shuffle(std::span(order));
      Eigen::VectorXd part = Eigen::VectorXd::Unit(n, i);  // the projected gradient
      for (const Eigen::Index j : order) {
        if (j == i || gram(j, j) <= 0) continue;
        part[j] -= std::min(0.0, gram.row(j).dot(part)) / gram(j, j);
      }
      sum += part;
    }
    return sum;
  }

 private:
  uint64_t seed_;
};

}  // namespace

std::unique_ptr<Balancer> make_pcgrad(const BalancerConfig& config) {
  return std::make_unique<PcGrad>(config.seed);
}

}  // namespace spanlab
