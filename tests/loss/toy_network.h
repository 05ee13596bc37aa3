// The many-task toy of balancing methods: a small network, targets that differ in scale alone.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "spanlab/base/random.h"
#include "spanlab/loss/balancer.h"

namespace spanlab::testing {

/// Sizes of the toy; the defaults are those of the GradNorm paper.
struct ToySizes {
  Eigen::Index inputs = 250, outputs = 100, hidden = 100, layers = 4, windows = 100;
};

template <class Real>
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

/// y = s tanh((B + e) x) with one B for all tasks and one e a task: Chen et al., "GradNorm", ICML
/// 2018; entries of B have deviation 10, of e 3.5; x is uniform in (-1/2, 1/2).
template <class Real>
class ToyData {
 public:
  struct Batch {
    Matrix<Real> x;               // [B, inputs]
    std::vector<Matrix<Real>> y;  // [T] of [B, outputs]
  };

  ToyData(const ToySizes& sizes, std::vector<double> scales, uint64_t seed)
      : sizes_(sizes), scales_(std::move(scales)), seed_(seed) {
    RandomStream stream(seed, Purpose::market);
    const auto draw = [&](double deviation) {
      Matrix<Real> m(sizes.inputs, sizes.outputs);
      for (Real& value : m.reshaped()) value = static_cast<Real>(deviation * stream.normal());
      return m;
    };
    const Matrix<Real> common = draw(10);
    for (size_t t = 0; t < scales_.size(); ++t) maps_.push_back(common + draw(3.5));
  }

  /// Batch number `index` of an endless stream.
  Batch batch(uint32_t index, Eigen::Index rows) const {
    RandomStream stream(seed_, Purpose::market, 1, index);
    Batch batch;
    batch.x.resize(rows, sizes_.inputs);
    for (Real& value : batch.x.reshaped()) value = static_cast<Real>(stream.uniform(-0.5, 0.5));
    for (size_t t = 0; t < scales_.size(); ++t) {
      batch.y.push_back(static_cast<Real>(scales_[t]) *
                        (batch.x * maps_[t]).array().tanh().matrix());
    }
    return batch;
  }

  const std::vector<double>& scales() const { return scales_; }

 private:
  ToySizes sizes_;
  std::vector<double> scales_;
  uint64_t seed_;
  std::vector<Matrix<Real>> maps_;  // [T] of [inputs, outputs]
};

/// A trunk of linear layers with ReLU and a linear head a task. A bias is the last row of its
/// weights; activations end with a column of ones.
template <class Real>
class ToyNetwork {
 public:
  using Weights = std::vector<Matrix<Real>>;

  ToyNetwork(const ToySizes& sizes, size_t tasks, uint64_t seed) {
    RandomStream stream(seed, Purpose::parameter_init);
    const auto layer = [&](Eigen::Index in, Eigen::Index out) {
      const double bound = 1 / std::sqrt(static_cast<double>(in));
      Matrix<Real> m(in + 1, out);
      for (Real& value : m.reshaped()) value = static_cast<Real>(stream.uniform(-bound, bound));
      return m;
    };
    for (Eigen::Index i = 0; i < sizes.layers; ++i) {
      trunk.push_back(layer(i == 0 ? sizes.inputs : sizes.hidden, sizes.hidden));
    }
    for (size_t t = 0; t < tasks; ++t) heads.push_back(layer(sizes.hidden, sizes.outputs));
  }

  /// Mean squared errors [T]; keeps what the backward pass needs.
  std::vector<double> forward(const typename ToyData<Real>::Batch& batch) {
    states_ = {with_ones(batch.x)};
    for (const Matrix<Real>& weight : trunk) {
      states_.push_back(with_ones((states_.back() * weight).cwiseMax(Real{0})));
    }
    errors_.clear();
    std::vector<double> loss;
    for (size_t t = 0; t < heads.size(); ++t) {
      errors_.push_back(states_.back() * heads[t] - batch.y[t]);
      loss.push_back(
          static_cast<double>(errors_[t].squaredNorm() / static_cast<Real>(errors_[t].size())));
    }
    return loss;
  }

  /// d loss / d head of a task.
  Matrix<Real> head_gradient(size_t task) const {
    return states_.back().transpose() * error_slope(task);
  }

  /// d (sum of weight times loss) / d trunk. `weight`: [T].
  Weights trunk_gradient(const std::vector<double>& weight) const {
    Matrix<Real> above = Matrix<Real>::Zero(states_[0].rows(), trunk.back().cols());
    for (size_t t = 0; t < heads.size(); ++t) {
      if (weight[t] == 0) continue;
      above += static_cast<Real>(weight[t]) * error_slope(t) * without_bias(heads[t]).transpose();
    }
    Weights gradient(trunk.size());
    for (size_t i = trunk.size(); i-- > 0;) {
      const auto open = states_[i + 1].leftCols(trunk[i].cols()).array() > Real{0};
      const Matrix<Real> below = open.select(above.array(), Real{0}).matrix();
      gradient[i] = states_[i].transpose() * below;
      if (i > 0) above = below * without_bias(trunk[i]).transpose();
    }
    return gradient;
  }

  Weights trunk, heads;

 private:
  static Matrix<Real> with_ones(const Matrix<Real>& m) {
    Matrix<Real> wide = Matrix<Real>::Ones(m.rows(), m.cols() + 1);
    wide.leftCols(m.cols()) = m;
    return wide;
  }
  static auto without_bias(const Matrix<Real>& weight) { return weight.topRows(weight.rows() - 1); }
  Matrix<Real> error_slope(size_t task) const {
    return errors_[task] * (Real{2} / static_cast<Real>(errors_[task].size()));
  }

  std::vector<Matrix<Real>> states_;  // [layers + 1] of [B, in + 1]
  std::vector<Matrix<Real>> errors_;  // [T] of [B, outputs]
};

/// Adam on a list of matrices.
template <class Real>
class ToyAdam {
 public:
  void step(std::vector<Matrix<Real>>& weights, const std::vector<Matrix<Real>>& gradient,
            double rate) {
    ++steps_;
    const auto correct = [&](double beta) { return 1 / (1 - std::pow(beta, steps_)); };
    const auto c1 = static_cast<Real>(correct(0.9)), c2 = static_cast<Real>(correct(0.999));
    for (size_t i = 0; i < weights.size(); ++i) {
      if (mean_.size() == i) {
        mean_.push_back(Matrix<Real>::Zero(weights[i].rows(), weights[i].cols()));
        square_.push_back(mean_.back());
      }
      mean_[i] = Real(0.9) * mean_[i] + Real(0.1) * gradient[i];
      square_[i] = Real(0.999) * square_[i] + Real(0.001) * gradient[i].cwiseAbs2();
      weights[i].array() -= static_cast<Real>(rate) * c1 * mean_[i].array() /
                            ((c2 * square_[i].array()).sqrt() + Real(1e-8));
    }
  }

 private:
  int steps_ = 0;
  std::vector<Matrix<Real>> mean_, square_;
};

}  // namespace spanlab::testing
