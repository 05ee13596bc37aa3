// Philox4x32-10 and the distributions drawn from it.
#include "spanlab/base/random.h"

#include <cmath>
#include <numbers>

namespace spanlab {

std::array<uint32_t, 4> philox(const std::array<uint32_t, 4>& counter,
                               const std::array<uint32_t, 2>& key) {
  std::array<uint32_t, 4> c = counter;
  std::array<uint32_t, 2> k = key;
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = uint64_t{0xD2511F53u} * c[0];
    const uint64_t p1 = uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<uint32_t>(p1 >> 32) ^ c[1] ^ k[0], static_cast<uint32_t>(p1),
         static_cast<uint32_t>(p0 >> 32) ^ c[3] ^ k[1], static_cast<uint32_t>(p0)};
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
  return c;
}

RandomStream::RandomStream(uint64_t seed, Purpose purpose, uint32_t epoch, uint32_t index)
    : key_{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)},
      counter_{0, index, epoch, static_cast<uint32_t>(purpose)} {}

uint32_t RandomStream::bits() {
  if (used_ == 4) {
    block_ = philox(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[static_cast<size_t>(used_++)];
}

double RandomStream::uniform() {
  const uint64_t high = bits();
  const uint64_t low = bits();
  return static_cast<double>(((high << 32) | low) >> 11) * 0x1p-53;
}

double RandomStream::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

double RandomStream::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

uint64_t RandomStream::below(uint64_t n) {
  const uint64_t rejected = (0 - n) % n;  // 2^64 mod n: the draws that would favour small results
  while (true) {
    const uint64_t high = bits();
    const uint64_t draw = (high << 32) | bits();
    if (draw >= rejected) return draw % n;
  }
}

}  // namespace spanlab
