// The optimizer's step.
#include "spanlab/train/adamw_state.h"

#include <cmath>

namespace spanlab {

void AdamWState::update(const AdamWConfig& config,
                        const std::vector<std::pair<size_t, size_t>>& parts,
                        const float* gradient) {
  ++step;
  const auto t = static_cast<double>(step);
  const auto decay = static_cast<float>(1 - config.learning_rate * config.weight_decay);
  const auto step_size = static_cast<float>(config.learning_rate / (1 - std::pow(config.beta1, t)));
  const auto bias2_root = static_cast<float>(std::sqrt(1 - std::pow(config.beta2, t)));
  for (const auto& [offset, count] : parts) {
    adamw(count, gradient + offset, decay, static_cast<float>(config.beta1),
          static_cast<float>(config.beta2), step_size, bias2_root,
          static_cast<float>(config.epsilon), parameters.data() + offset, mean.data() + offset,
          square.data() + offset);
  }
}

}  // namespace spanlab
