// Windows with masked bars, and their original values.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/train/bar_mask.h"
#include "spanlab/train/window_source.h"

namespace spanlab {

/// B windows of T bars and D features, bar by bar as the encoder takes them.
struct MaskedBatch {
  int windows = 0, length = 0, features = 0;  ///< B, T, D
  std::vector<float> input;                   ///< [T, B, D] as they are; 0 at masked bars
  std::vector<float> target;                  ///< [T, B, D] off the mean, in deviations
  std::vector<uint8_t> masked;                ///< [T, B]
};

/// Where a batch's masks come from: window i of it draws from (seed, bar_mask, epoch, first + i).
struct MaskDraw {
  uint64_t seed;
  uint32_t epoch, first;
};

/// `windows`: [B, T, D]. `survey`: for mean and deviation, [D].
MaskedBatch make_masked_batch(std::span<const float> windows, int length,
                              const WindowSurvey& survey, const MaskConfig& mask,
                              const MaskDraw& draw);

/// Mean squared error of an answer [T, B, D] at the masked bars, in squared deviations: an answer
/// of 0, the mean, has about 1. Fills `gradient` [T, B, D] with that of half of it, if not nullptr.
double masked_error(const MaskedBatch& batch, const float* answer, float* gradient);

/// The answer that copies the nearest bar that is not masked, the earlier of two, [T, B, D].
std::vector<float> nearest_bars(const MaskedBatch& batch);

}  // namespace spanlab
