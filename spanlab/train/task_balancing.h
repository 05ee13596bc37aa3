// The balancing method of a run, for its tasks.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "spanlab/base/task.h"
#include "spanlab/loss/balancer.h"
#include "spanlab/loss/task_losses.h"

namespace spanlab {

/// Arrays [T] are in the order of tasks(); arrays by Task hold 0 for the others.
class TaskBalancing {
 public:
  TaskBalancing(const BalancingConfig& config, const std::vector<Task>& tasks, uint64_t seed);

  /// T, in the order given.
  const std::vector<Task>& tasks() const { return tasks_; }
  const Balancer& method() const { return *method_; }

  /// [T] whether the batch has targets for the task.
  std::vector<uint8_t> present(const TaskLosses& losses) const;

  /// `gram` [T, T] and `log_scale` [T] as BalancerInput has them. The first batch of an epoch
  /// begins its mean of shares.
  BalancerStep step(const TaskLosses& losses, std::span<const double> gram,
                    std::span<const double> log_scale, uint32_t epoch, uint32_t batch);
  /// What training minimises, with nothing learned of it: the plain sum unless log-scales count.
  double total(const TaskLosses& losses, std::span<const double> log_scale) const;
  /// Losses of the same batch after the step.
  void after_step(const TaskLosses& losses);
  /// Mean training losses of a finished epoch by Task; NaN where it had no targets.
  void end_epoch(const std::array<double, kTaskCount>& mean_loss);

  /// Share of each task, by Task: its weight on the encoder over the sum of all absolute values, in
  /// the mean over the epoch's batches so far, scaled to absolute values of sum 1; equal shares
  /// before the first batch. A method may weigh a task negatively.
  std::array<double, kTaskCount> shares() const;

  /// All that the method remembers between two epochs.
  std::vector<double>& state() { return method_->state(); }
  const std::vector<double>& state() const { return method_->state(); }

 private:
  std::vector<Task> tasks_;
  std::unique_ptr<Balancer> method_;
  std::vector<double> share_sum_;  // [T] over the epoch's batches
};

}  // namespace spanlab
