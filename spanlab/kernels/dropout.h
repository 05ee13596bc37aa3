// Random dropout masks from the counter-based generator.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace spanlab {

/// keep [count]: 0 with probability `drop` (rounded to 1/65536), else 1. Value p depends only on
/// (seed, stream, p): Philox counters {block, stream...}, in groups of 128 values = 16 blocks of 8
/// half words; value (half, block) of a group lies at half * 16 + block.
/// The same bits on every instruction set.
void dropout_keep(uint64_t seed, const std::array<uint32_t, 3>& stream, double drop, size_t count,
                  uint8_t* keep);

}  // namespace spanlab
