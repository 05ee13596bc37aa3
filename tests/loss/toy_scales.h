// Training the many-task toy with a balancing method.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "spanlab/loss/adam.h"
#include "tests/loss/toy_network.h"

namespace spanlab::testing {

/// One network in training under one method. All learners of a comparison see the same batches.
template <class Real>
class ToyLearner {
 public:
  /// `warm`: learned scales start at their optimum. `scale_rate`: their learning rate.
  ToyLearner(std::string name, const BalancingConfig& config, bool warm, double scale_rate,
             const ToySizes& sizes, size_t tasks, uint64_t seed)
      : name_(std::move(name)),
        warm_(warm),
        scale_rate_(scale_rate),
        method_(balancer(config, static_cast<int>(tasks))),
        network_(sizes, tasks, seed),
        log_scale_(tasks, 0.0),
        mean_loss_(tasks, 0.0),
        scale_adam_(tasks) {}

  const std::string& name() const { return name_; }
  const BalancerStep& last_step() const { return answer_; }
  std::vector<double> losses(const typename ToyData<Real>::Batch& batch) {
    return network_.forward(batch);
  }

  void train(const typename ToyData<Real>::Batch& batch, uint32_t step) {
    constexpr double kRate = 1e-3;
    constexpr uint32_t kEpoch = 100;  // steps, for methods that count epochs
    const std::vector<double> loss = network_.forward(batch);
    const size_t tasks = loss.size();
    for (size_t t = 0; t < tasks && warm_ && step == 0; ++t) {
      log_scale_[t] = method_->warm_log_scale(loss[t]);
    }
    const std::vector<uint8_t> present(tasks, 1);
    BalancerInput input{loss, present, {}, {}};
    const std::vector<double> gram =
        method_->needs_gram() ? products(tasks) : std::vector<double>();
    input.gram = gram;
    if (method_->learns_log_scale()) input.log_scale = log_scale_;
    input.epoch = 1 + step / kEpoch;
    input.batch = step % kEpoch;
    answer_ = method_->step(input);
    const auto trunk = network_.trunk_gradient(answer_.shared);
    std::vector<Matrix<Real>> heads;
    for (size_t t = 0; t < tasks; ++t) {
      heads.push_back(static_cast<Real>(answer_.own[t]) * network_.head_gradient(t));
    }
    trunk_adam_.step(network_.trunk, trunk, kRate);
    head_adam_.step(network_.heads, heads, kRate);
    for (size_t t = 0; t < answer_.dlog_scale.size(); ++t) {
      log_scale_[t] += adam_change(answer_.dlog_scale[t], scale_rate_, scale_adam_[t].data());
    }
    if (method_->needs_losses_after()) method_->after_step(network_.forward(batch));
    for (size_t t = 0; t < tasks; ++t) mean_loss_[t] += loss[t] / kEpoch;
    if (input.batch + 1 < kEpoch) return;
    method_->end_epoch(mean_loss_);
    mean_loss_.assign(tasks, 0.0);
  }

 private:
  // Inner products of the tasks' gradients on the trunk, [T, T].
  std::vector<double> products(size_t tasks) const {
    std::vector<std::vector<Matrix<Real>>> gradient;
    for (size_t t = 0; t < tasks; ++t) {
      std::vector<double> only(tasks, 0.0);
      only[t] = 1;
      gradient.push_back(network_.trunk_gradient(only));
    }
    std::vector<double> gram(tasks * tasks, 0.0);
    for (size_t i = 0; i < tasks; ++i) {
      for (size_t j = 0; j < tasks; ++j) {
        for (size_t k = 0; k < gradient[i].size(); ++k) {
          gram[i * tasks + j] +=
              static_cast<double>(gradient[i][k].cwiseProduct(gradient[j][k]).sum());
        }
      }
    }
    return gram;
  }

  std::string name_;
  bool warm_;
  double scale_rate_;
  std::unique_ptr<Balancer> method_;
  ToyNetwork<Real> network_;
  ToyAdam<Real> trunk_adam_, head_adam_;
  std::vector<double> log_scale_, mean_loss_;
  std::vector<std::array<double, 3>> scale_adam_;
  BalancerStep answer_;
};

/// What a learner reached on fresh data.
struct ToyScore {
  std::vector<double> normalised;  ///< [T] mean squared error / s^2
  double relative_sum = 0;         ///< sum of L / L(0): T for an untrained network
  double first_share = 0;          ///< of task 1 among the last shared weights
};

/// Trains all learners on the same stream. Answers one score a learner.
template <class Real>
std::vector<ToyScore> train_together(std::vector<ToyLearner<Real>>& learners,
                                     const ToyData<Real>& data, uint32_t steps, Eigen::Index rows) {
  const auto test = data.batch(0xffffffff, 10 * rows);
  std::vector<std::vector<double>> initial;
  for (ToyLearner<Real>& learner : learners) initial.push_back(learner.losses(test));
  for (uint32_t step = 0; step < steps; ++step) {
    const auto batch = data.batch(step, rows);
    for (ToyLearner<Real>& learner : learners) learner.train(batch, step);
  }
  std::vector<ToyScore> scores;
  for (size_t i = 0; i < learners.size(); ++i) {
    ToyScore& score = scores.emplace_back();
    const std::vector<double> loss = learners[i].losses(test);
    double weights = 0;
    for (size_t t = 0; t < loss.size(); ++t) {
      score.normalised.push_back(loss[t] / data.scales()[t] / data.scales()[t]);
      score.relative_sum += loss[t] / initial[i][t];
      weights += learners[i].last_step().shared[t];
    }
    score.first_share = learners[i].last_step().shared[0] / weights;
  }
  return scores;
}

}  // namespace spanlab::testing
