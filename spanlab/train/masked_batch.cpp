// Gathers windows, masks bars, compares reconstructions.
#include "spanlab/train/masked_batch.h"

#include <algorithm>
#include <limits>

#include "spanlab/loss/huber.h"

namespace spanlab {

MaskedBatch make_masked_batch(std::span<const float> windows, int length,
                              const WindowSurvey& survey, const MaskConfig& mask,
                              const MaskDraw& draw) {
  const auto t = static_cast<size_t>(length), d = survey.mean.size();
  const size_t b = windows.size() / (t * d);
  MaskedBatch batch{static_cast<int>(b),
                    length,
                    static_cast<int>(d),
                    std::vector<float>(windows.size()),
                    std::vector<float>(windows.size()),
                    std::vector<uint8_t>(t * b)};
  std::vector<uint8_t> masked(t);
  for (size_t i = 0; i < b; ++i) {
    mask_bars(mask, length,
              RandomStream(draw.seed, Purpose::bar_mask, draw.epoch,
                           draw.first + static_cast<uint32_t>(i)),
              masked.data());
    for (size_t s = 0; s < t; ++s) {
      const size_t row = s * b + i;
      batch.masked[row] = masked[s];
      for (size_t f = 0; f < d; ++f) {
        const float value = windows[(i * t + s) * d + f];
        batch.input[row * d + f] = masked[s] != 0 ? 0.0f : value;
        batch.target[row * d + f] =
            static_cast<float>((static_cast<double>(value) - survey.mean[f]) / survey.deviation[f]);
      }
    }
  }
  return batch;
}

double masked_error(const MaskedBatch& batch, const float* answer, float* gradient) {
  std::vector<float> unused(gradient != nullptr ? 0 : batch.target.size());
  constexpr double kNeverLinear = std::numeric_limits<double>::infinity();
  return 2 * huber(batch.length * batch.windows, batch.features, answer, batch.target.data(),
                   batch.masked.data(), kNeverLinear,
                   gradient != nullptr ? gradient : unused.data());
}

std::vector<float> nearest_bars(const MaskedBatch& batch) {
  std::vector<float> answer = batch.target;
  const auto open = [&](int t, int window) {
    return t >= 0 && t < batch.length &&
           batch.masked[static_cast<size_t>(t * batch.windows + window)] == 0;
  };
  for (int window = 0; window < batch.windows; ++window) {
    for (int t = 0; t < batch.length; ++t) {
      int away = 0;  // some bar is open: it ends
      while (!open(t - away, window) && !open(t + away, window)) ++away;
      const int from = open(t - away, window) ? t - away : t + away;
      const auto row = [&](int bar) {
        return static_cast<ptrdiff_t>(bar * batch.windows + window) * batch.features;
      };
      std::copy_n(batch.target.begin() + row(from), batch.features, answer.begin() + row(t));
    }
  }
  return answer;
}

}  // namespace spanlab
