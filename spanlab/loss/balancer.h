// How the losses of several tasks become one step: what every balancing method answers.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace spanlab {

/// The methods, one file each. docs/balancing.md says what each does and is invariant to.
enum class Balancing {
  sum,                  ///< plain sum of the losses
  fixed,                ///< fixed weights, set by the user
  initial_loss,         ///< 1 / L(0)
  uncertainty,          ///< L / (2 sigma^2) + ln sigma, sigma learned
  uncertainty_optimal,  ///< UW-O: 1 / L, the optimum of uncertainty weighting at every step
  dwa,                  ///< dynamic weight average
  rlw,                  ///< random weights
  gradnorm,
  pcgrad,
  cagrad,
  mgda,
  imtl_l,
  imtl_g,
  nash_mtl,
  famo,
  aligned_mtl,
};

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

/// Settings of the methods; each reads its own.
struct BalancerConfig {
  Balancing method = Balancing::sum;
  std::vector<double> weights;   ///< fixed: [T]
  double dwa_temperature = 2;    ///< dwa
  double gradnorm_alpha = 0.12;  ///< gradnorm: strength of the pull towards equal rates
  double cagrad_c = 0.4;         ///< cagrad: radius around the mean gradient, in its length
  double learning_rate = 0.025;  ///< gradnorm and famo: of their weights
  double famo_decay = 0;         ///< famo: gamma, weight decay of its logits
  uint64_t seed = 0;             ///< rlw and pcgrad
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

/// `tasks`: T, at least 1. Throws Error if config.weights do not fit.
std::unique_ptr<Balancer> make_balancer(const BalancerConfig& config, int tasks);

}  // namespace spanlab
