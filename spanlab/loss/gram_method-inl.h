// What the methods share that combine task gradients by their inner products alone.
#pragma once

#include <Eigen/Dense>

#include "spanlab/loss/balancing_methods-inl.h"

namespace spanlab {

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
inline Eigen::MatrixXd cosines(const Eigen::MatrixXd& gram) {
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

}  // namespace spanlab
