// Which bars of a window are hidden from the encoder in pre-training.
#pragma once

#include <cstdint>

#include "spanlab/base/random.h"

namespace spanlab {

enum class MaskKind {
  random,  ///< bars on their own
  patch,   ///< runs of bars: neighbours alone do not tell what is hidden
};

struct MaskConfig {
  MaskKind kind = MaskKind::patch;
  double lowest = 0.15, highest = 0.4;  ///< share of the bars; each window draws one between them
  int run = 8;                          ///< bars in a run of MaskKind::patch
};

/// `masked` [bars] out: 1 for the masked bars, else 0. Their number is the drawn share, rounded,
/// but at least 1 and at most bars - 1. Runs begin at any bar, may meet, and are cut at the
/// window's end; the last one stops where the share is reached. `bars` at least 2.
void mask_bars(const MaskConfig& config, int bars, RandomStream random, uint8_t* masked);

}  // namespace spanlab
