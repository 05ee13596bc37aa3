// Which Highway targets the kernels are compiled for. Include before any Highway header.
#pragma once

#include <hwy/detect_targets.h>

// Machines with less than AVX2 run the portable kernels: not worth three more copies of the code.
// SVE is left to NEON: arrays of its sizeless vectors do not compile.
#undef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS \
  (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
