// CAGrad: near the mean gradient, the direction in which the worst task gains most.
#include "spanlab/loss/gram_method-inl.h"
#include "spanlab/loss/min_norm-inl.h"

namespace spanlab {
namespace {

// Liu et al., "Conflict-averse gradient descent", NeurIPS 2021: d = (g0 + c |g0| g_w / |g_w|) /
// (1 + c^2), g0 the mean gradient, g_w the mean under the weights w that minimise
// g_w . g0 + c |g0| |g_w|. Times the number of tasks, so that c = 0 makes the sum.
class CaGrad : public GramMethod {
 public:
  explicit CaGrad(double c) : c_(c) {}

 protected:
  Eigen::VectorXd combine(const Eigen::MatrixXd& gram, const BalancerInput&) override {
    const Eigen::Index n = gram.rows();
    const auto count = static_cast<double>(n);
    const Eigen::VectorXd even = Eigen::VectorXd::Constant(n, 1 / count);
    const double radius = c_ * std::sqrt(std::max(even.dot(gram * even), 0.0));
    const double longest = std::sqrt(gram.diagonal().maxCoeff());
    Eigen::VectorXd direction = even;
    if (radius > 0) {
      const Eigen::VectorXd weight = worst_weights(gram, radius, longest);
      const double length = std::sqrt(std::max(weight.dot(gram * weight), 0.0));
      if (length > 1e-9 * longest) direction += radius / length * weight;
    }
    return count / (1 + c_ * c_) * direction;
  }

 private:
  // |g_w| is the least of |g_w|^2 / (2 m) + m / 2 over m > 0, taken at m = |g_w|. For a given m the
  // best w is that of the shortest vector in the hull of g + (m / radius) g0; what is left is
  // convex in m, with the sign of m - |g_w| as slope. The root is found by regula falsi (Illinois).
  static Eigen::VectorXd worst_weights(const Eigen::MatrixXd& gram, double radius, double longest) {
    const Eigen::VectorXd with_mean = gram.rowwise().mean();
    const double mean_square = gram.mean();
    Eigen::VectorXd weight;
    const auto excess = [&](double m) {
      const double shift = m / radius;
      Eigen::MatrixXd shifted = gram;
      shifted.colwise() += shift * with_mean;
      shifted.rowwise() += shift * with_mean.transpose();
      shifted.array() += shift * shift * mean_square;
      weight = min_norm_weights(shifted);
      return m - std::sqrt(std::max(weight.dot(gram * weight), 0.0));
    };
    double low = 0, below = excess(low), high = longest, above = excess(high);
    for (int i = 0; i < kSteps && high - low > 1e-12 * longest; ++i) {
      const double m = above > below ? (low * above - high * below) / (above - below) : low;
      const double now = excess(m);
      if (std::abs(now) < 1e-12 * longest) break;
      if (now < 0) {
        low = m, below = now, above /= 2;
      } else {
        high = m, above = now, below /= 2;
      }
    }
    return weight;
  }

  static constexpr int kSteps = 60;
  double c_;
};

}  // namespace

std::unique_ptr<Balancer> make_cagrad(const BalancerConfig& config) {
  return std::make_unique<CaGrad>(config.cagrad_c);
}

}  // namespace spanlab
