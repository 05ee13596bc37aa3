// The shortest vector in the convex hull of a few vectors, given their inner products.
#pragma once

#include <Eigen/Dense>
#include <vector>

namespace spanlab {

// Weights of the members so that their affine combination is as short as can be; they sum up to 1
// but may be negative. `members` are rows of `gram`.
inline Eigen::VectorXd affine_min_norm(const Eigen::MatrixXd& gram,
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
inline Eigen::VectorXd min_norm_weights(const Eigen::MatrixXd& gram) {
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

}  // namespace spanlab
