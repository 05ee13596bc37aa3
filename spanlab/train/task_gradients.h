// The gradient of each task, and their combination on the shared encoder.
#pragma once

#include <span>
#include <vector>

#include "spanlab/base/parallel.h"
#include "spanlab/base/task.h"
#include "spanlab/loss/balancer.h"
#include "spanlab/model/jade.h"

namespace spanlab {

/// T gradients of one batch. Shared are the encoder's parameters; all others belong to
/// single tasks, or to type and pointers together, which is taken as their own.
class TaskGradients {
 public:
  /// `tasks`: T, in the order of every array below. `table` must outlive this.
  TaskGradients(const ParameterTable& table, std::span<const Task> tasks);

  /// After a training pass of `model`: a backward pass for every task that is `present` [T], which
  /// leaves the pass whole for another one. `d`: the tasks' own gradients with respect to the
  /// output. `block`: as Jade::backward() takes it.
  void compute(Jade<float>& model, ThreadPool& pool, const float* block, const JadeOutput<float>& d,
               std::span<const uint8_t> present);

  /// Inner products on the shared parameters, [T, T], summed in double in the order of the block.
  std::vector<double> gram() const;

  /// Writes `gradient` [parameters]: the sum of step.shared[t], elsewhere step.own[t], times task
  /// t's gradient.
  void combine(const BalancerStep& step, float* gradient) const;

 private:
  /// Calls f(first, last, shared) for the pieces of the block.
  template <class F>
  void for_pieces(const F& f) const;

  const ParameterTable& table_;
  std::vector<Task> tasks_;
  std::vector<std::vector<float>> gradients_;  // [T][parameters]
  JadeOutput<float> of_one_;                   // output gradient of a task, 0 for the others
};

}  // namespace spanlab
