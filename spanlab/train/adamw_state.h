// The parameters and AdamW's moments.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/recipe/configs.h"

namespace spanlab {

/// Neighbouring parameters that are trained alike.
struct AdamWPart {
  size_t offset, count;  ///< in the block
  double rate = 1;       ///< of the learning rate
  double decay = 1;      ///< of the weight decay
};

/// The parameter block and its running moments, all [parameters].
struct AdamWState {
  std::vector<float> parameters, mean, square;
  /// Running mean of the parameters over the steps; empty before the first add_to_average().
  std::vector<float> average;
  int64_t step = 0;  ///< steps taken

  explicit AdamWState(size_t count) : parameters(count), mean(count), square(count) {}

  /// The parameters that answer: their average if one is kept.
  const std::vector<float>& model() const { return average.empty() ? parameters : average; }

  /// One step on the given parts of the block. gradient [parameters].
  void update(const AdamWConfig& config, double learning_rate, std::span<const AdamWPart> parts,
              const float* gradient);

  /// After a step: average = d average + (1 - d) parameters with d = min(decay, (1 + step) /
  /// (10 + step)), so that the start is soon forgotten. As TensorFlow's ExponentialMovingAverage
  /// with num_updates.
  void add_to_average(double decay);
};

/// What to multiply the gradient [parameters] with so that its L2 norm over `parts` is at most
/// `longest`; 1 where it is. As PyTorch's clip_grad_norm_: NaN if the norm is not a number.
double clip_factor(std::span<const AdamWPart> parts, const float* gradient, double longest);

}  // namespace spanlab
