// How the losses of several tasks become one step: the interface of the balancing methods.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "spanlab/loss/loss_config.h"

namespace spanlab {

/// What a step offers. T tasks, in the caller's order.
struct BalancerInput {
  std::span<const double> loss;      ///< [T] the batch's own losses
  std::span<const uint8_t> present;  ///< [T] 0 where the batch has no targets: no weight, no update
  std::span<const double> gram;      ///< [T, T] inner products of the task gradients on the shared
                                     ///< parameters; empty unless needs_gram()
  std::span<const double> log_scale;  ///< [T] learned by the caller's optimizer; empty unless
                                      ///< learns_log_scale()
  uint32_t epoch = 1;                 ///< from 1
  uint32_t batch = 0;                 ///< in its epoch, from 0
};

/// What a method answers. The shared parameters get the sum of shared[t] times task t's gradient,
/// those that only some tasks reach the sum of own[t] times task t's gradient.
struct BalancerStep {
  double total = 0;                ///< what training minimises; the plain sum where there is none
  std::vector<double> shared;      ///< [T]
  std::vector<double> own;         ///< [T]
  std::vector<double> dlog_scale;  ///< [T] d total / d log_scale; empty unless learns_log_scale()
};

/// One method. Everything that it remembers is in state(), so that a run can be resumed to the same
/// bits.
class Balancer {
 public:
  virtual ~Balancer() = default;

  virtual BalancerStep step(const BalancerInput& input) = 0;
  /// The losses of the same batch after the step; called only if needs_losses_after().
  virtual void after_step(std::span<const double> /*loss*/) {}
  /// The mean training losses of a finished epoch, [T].
  virtual void end_epoch(std::span<const double> /*mean_loss*/) {}

  virtual bool needs_gram() const { return false; }
  virtual bool needs_losses_after() const { return false; }
  virtual bool learns_log_scale() const { return false; }
  /// Where log_scale should start, given the first batch's loss: the optimum for that loss.
  virtual double warm_log_scale(double /*loss*/) const { return 0; }

  std::vector<double>& state() { return state_; }
  const std::vector<double>& state() const { return state_; }

 protected:
  std::vector<double> state_;  // of fixed size from construction on
};

/// `weights` [T], T at least 1: what fixed weighs the tasks with; the other methods read only how
/// many they are. `seed`: of rlw and pcgrad.
std::unique_ptr<Balancer> make_balancer(const BalancingConfig& config,
                                        const std::vector<double>& weights, uint64_t seed);

}  // namespace spanlab
