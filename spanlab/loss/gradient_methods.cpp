// Balancing methods that combine the tasks' gradients, using only their inner products.
#include <Eigen/Dense>

#include <limits>
#include <numeric>
#include <span>

#include "spanlab/base/random.h"
#include "spanlab/loss/balancing_methods.h"

namespace spanlab {
namespace {

// Shared parameters get a combination of the task gradients, a task's own parameters its plain
// gradient. Absent tasks are cut out before the method sees anything.
class GramMethod : public Balancer {
 public:
  bool needs_gram() const final { return true; }

  BalancerStep step(const BalancerInput& input) final {
    const std::vector<size_t> tasks = present_tasks(input);
    const auto n = static_cast<Eigen::Index>(tasks.size());
    Eigen::MatrixXd gram(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index j = 0; j < n; ++j) {
        gram(i, j) = input.gram[tasks[static_cast<size_t>(i)] * input.loss.size() +
                                tasks[static_cast<size_t>(j)]];
      }
    }
    BalancerStep step = weighted_step(input, std::vector<double>(input.loss.size(), 1.0));
    // A gradient that is not finite makes the step so whatever its weight; and where all are zero
    // there is nothing to combine.
    if (!gram.allFinite() || gram.trace() <= 0) return step;
    const Eigen::VectorXd weight = combine(gram, input);
    for (Eigen::Index i = 0; i < n; ++i) step.shared[tasks[static_cast<size_t>(i)]] = weight[i];
    if (weighs_own()) step.own = step.shared;
    return step;
  }

 protected:
  // `gram`: [n, n] of the present tasks, finite, not all zero. Answers [n] weights.
  virtual Eigen::VectorXd combine(const Eigen::MatrixXd& gram, const BalancerInput& input) = 0;
  // Whether a task's own parameters get the same weight.
  virtual bool weighs_own() const { return false; }
};

// The cosines between gradients, [n, n]; those with a gradient of zero are 0, the diagonal is 1.
Eigen::MatrixXd cosines(const Eigen::MatrixXd& gram) {
  Eigen::MatrixXd cosine = Eigen::MatrixXd::Identity(gram.rows(), gram.cols());
  const Eigen::VectorXd length = gram.diagonal().cwiseSqrt();
  for (Eigen::Index i = 0; i < gram.rows(); ++i) {
    for (Eigen::Index j = 0; j < gram.cols(); ++j) {
      if (i == j || length[i] == 0 || length[j] == 0) continue;
      cosine(i, j) = std::clamp(gram(i, j) / length[i] / length[j], -1.0, 1.0);
    }
  }
  return cosine;
}

// The shortest vector in the convex hull of a few vectors, given their inner products.
//
// Weights of the members so that their affine combination is as short as can be; they sum up to 1
// but may be negative. `members` are rows of `gram`.
Eigen::VectorXd affine_min_norm(const Eigen::MatrixXd& gram,
                                const std::vector<Eigen::Index>& members) {
  const auto n = static_cast<Eigen::Index>(members.size());
  Eigen::MatrixXd system = Eigen::MatrixXd::Ones(n + 1, n + 1);
  system.topLeftCorner(n, n) = gram(members, members);
  system(n, n) = 0;
  const Eigen::VectorXd right = Eigen::VectorXd::Unit(n + 1, n);
  return system.completeOrthogonalDecomposition().solve(right).head(n);
}

// Wolfe, "Finding the nearest point in a polytope", Mathematical Programming 1976: members are
// taken in while one makes the vector shorter, and dropped where the affine optimum lies outside.
// `gram`: [n, n]. Answers weights [n], none negative, of sum 1.
Eigen::VectorXd min_norm_weights(const Eigen::MatrixXd& gram) {
  const Eigen::Index n = gram.rows();
  const double scale = gram.diagonal().maxCoeff();
  constexpr double kTolerance = 1e-12;
  Eigen::Index start = 0;
  gram.diagonal().minCoeff(&start);
  std::vector<Eigen::Index> members{start};
  Eigen::VectorXd weight = Eigen::VectorXd::Unit(n, start);
  for (Eigen::Index round = 0; round < 10 * n + 10; ++round) {
    const Eigen::VectorXd product = gram * weight;  // of each vector with the present one
    Eigen::Index next = 0;
    if (product.minCoeff(&next) >= weight.dot(product) - kTolerance * scale) break;
    if (weight[next] > 0) break;  // within rounding
    members.push_back(next);
    while (!members.empty()) {
      const Eigen::VectorXd wanted = affine_min_norm(gram, members);
      double step = 1;
      size_t leaves = members.size();
      for (size_t k = 0; k < members.size(); ++k) {
        const double now = weight[members[k]], then = wanted[static_cast<Eigen::Index>(k)];
        if (then >= 0 || now / (now - then) >= step) continue;
        step = now / (now - then);
        leaves = k;
      }
      for (size_t k = 0; k < members.size(); ++k) {
        weight[members[k]] += step * (wanted[static_cast<Eigen::Index>(k)] - weight[members[k]]);
      }
      if (leaves == members.size()) break;
      weight[members[leaves]] = 0;
      members.erase(members.begin() + static_cast<std::ptrdiff_t>(leaves));
    }
  }
  return weight / weight.sum();
}

// PCGrad: each gradient loses its part against the gradients that it conflicts with.
//
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

// CAGrad: near the mean gradient, the direction in which the worst task gains most.
//
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

// MGDA: the shortest vector among all weighted means of the gradients.
//
// Desideri, "Multiple-gradient descent algorithm", 2012; Sener and Koltun, "Multi-task learning as
// multi-objective optimization", NeurIPS 2018. Times the number of tasks, so that equal weights
// make the sum.
class Mgda : public GramMethod {
 protected:
  Eigen::VectorXd combine(const Eigen::MatrixXd& gram, const BalancerInput&) override {
    return static_cast<double>(gram.rows()) * min_norm_weights(gram);
  }
};

// IMTL-G: the direction whose projections on all gradients are equally long.
//
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

// Nash-MTL: the bargain that the tasks would strike about the direction.
//
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

// Aligned-MTL: the sum of the gradients after their matrix has been made orthogonal.
//
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

std::unique_ptr<Balancer> make_pcgrad(uint64_t seed) {
  return std::make_unique<PcGrad>(seed);
}

std::unique_ptr<Balancer> make_cagrad(const BalancingConfig& config) {
  return std::make_unique<CaGrad>(config.cagrad_c);
}

std::unique_ptr<Balancer> make_mgda() {
  return std::make_unique<Mgda>();
}

std::unique_ptr<Balancer> make_imtl_g() {
  return std::make_unique<ImtlG>();
}

std::unique_ptr<Balancer> make_nash_mtl() {
  return std::make_unique<NashMtl>();
}

std::unique_ptr<Balancer> make_aligned_mtl() {
  return std::make_unique<AlignedMtl>();
}

}  // namespace spanlab
