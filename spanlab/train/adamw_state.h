// What the optimizer changes and remembers.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "spanlab/kernels/adamw.h"

namespace spanlab {

/// Settings of AdamW.
struct AdamWConfig {
  double learning_rate, beta1, beta2, epsilon, weight_decay;
};

/// The parameter block and its running moments, all [parameters].
struct AdamWState {
  std::vector<float> parameters, mean, square;
  int64_t step = 0;  ///< steps taken

  explicit AdamWState(size_t count) : parameters(count), mean(count), square(count) {}

  /// One step on the given parts (offset, count) of the block. gradient [parameters].
  void update(const AdamWConfig& config, const std::vector<std::pair<size_t, size_t>>& parts,
              const float* gradient);
};

}  // namespace spanlab
