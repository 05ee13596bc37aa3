// The learning rate as a function of the step.
#pragma once

#include <cstdint>

#include "spanlab/recipe/configs.h"

namespace spanlab {

/// The learning rate of every step, a function of the step alone: nothing to save. The formulas are
/// those of PyTorch's schedulers.
class LearningRate {
 public:
  /// `steps_per_epoch`: batches of training windows, at least 1.
  LearningRate(const LearningRateConfig& config, int epochs, int64_t steps_per_epoch);

  /// `step` from 0; after the last step the rate stays where it ended.
  ///   constant     the peak
  ///   one_cycle    OneCycleLR with its defaults (but without its cycle of the momentum): in
  ///   cosines
  ///                from peak / 25 to the peak over 30 % of the steps, then to peak / 250 000
  ///   cosine       CosineAnnealingLR with T_max = all steps: from the peak to 0
  ///   exponential  ExponentialLR: config.decay times the epoch before
  double at(int64_t step) const;

 private:
  double one_cycle(double step) const;

  Schedule schedule_;
  double peak_, decay_;
  int64_t steps_per_epoch_, steps_;
};

}  // namespace spanlab
