// The optimizer's step.
#include "spanlab/train/adamw_state.h"

#include <algorithm>
#include <cmath>

#include "spanlab/kernels/adamw.h"

namespace spanlab {

void AdamWState::update(const AdamWConfig& config, double learning_rate,
                        std::span<const AdamWPart> parts, const float* gradient) {
  ++step;
  const auto t = static_cast<double>(step);
  const double bias1 = 1 - std::pow(config.beta1, t);
  const auto bias2_root = static_cast<float>(std::sqrt(1 - std::pow(config.beta2, t)));
  for (const auto& [offset, count, rate, decay_rate] : parts) {
    const double part_rate = learning_rate * rate;
    const auto decay = static_cast<float>(1 - part_rate * (config.weight_decay * decay_rate));
    const auto step_size = static_cast<float>(part_rate / bias1);
    adamw(count, gradient + offset, decay, static_cast<float>(config.beta1),
          static_cast<float>(config.beta2), step_size, bias2_root,
          static_cast<float>(config.epsilon), parameters.data() + offset, mean.data() + offset,
          square.data() + offset);
  }
}

void AdamWState::add_to_average(double decay) {
  if (average.empty()) {
    average = parameters;
    return;
  }
  const auto t = static_cast<double>(step);
  const auto part = static_cast<float>(1 - std::min(decay, (1 + t) / (10 + t)));
  for (size_t i = 0; i < average.size(); ++i) average[i] += part * (parameters[i] - average[i]);
}

double clip_factor(std::span<const AdamWPart> parts, const float* gradient, double longest) {
  double squares = 0;
  for (const AdamWPart& part : parts) {
    for (size_t i = part.offset; i < part.offset + part.count; ++i) {
      const auto g = static_cast<double>(gradient[i]);
      squares += g * g;
    }
  }
  constexpr double kTiny = 1e-6;
  const double factor = longest / (std::sqrt(squares) + kTiny);
  return factor >= 1 ? 1 : factor;
}

}  // namespace spanlab
