// Draws runs of bars until enough are masked.
#include "spanlab/train/bar_mask.h"

#include <algorithm>
#include <cmath>

namespace spanlab {

void mask_bars(const MaskConfig& config, int bars, RandomStream random, uint8_t* masked) {
  std::fill_n(masked, bars, uint8_t{0});
  const double share = random.uniform(config.lowest, config.highest);
  int left = std::clamp(static_cast<int>(std::lround(share * bars)), 1, bars - 1);
  const int run = config.kind == MaskKind::patch ? config.run : 1;
  while (left > 0) {
    const auto start = static_cast<int>(random.below(static_cast<uint64_t>(bars)));
    for (int t = start; t < std::min(start + run, bars) && left > 0; ++t) {
      if (masked[t] != 0) continue;
      masked[t] = 1;
      --left;
    }
  }
}

}  // namespace spanlab
