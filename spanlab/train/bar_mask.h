// Which bars of a window are masked in pre-training.
#pragma once

#include <cstdint>

#include "spanlab/base/random.h"
#include "spanlab/train/pretrain.h"

namespace spanlab {

/// `masked` [bars] out: 1 for the masked bars, else 0. Their number is the drawn share, rounded,
/// but at least 1 and at most bars - 1. Runs begin at any bar, may meet, and are cut at the
/// window's end; the last one stops where the share is reached. `bars` at least 2.
void mask_bars(const MaskConfig& config, int bars, RandomStream random, uint8_t* masked);

}  // namespace spanlab
