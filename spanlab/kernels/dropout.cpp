// Philox blocks side by side in vector lanes, compiled once per instruction set.
#include "spanlab/kernels/dropout.h"

#include <algorithm>
#include <cmath>

#include "spanlab/kernels/reference.h"
#include "spanlab/kernels/targets-inl.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "spanlab/kernels/dropout.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h: the same functions are compiled once a target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace spanlab::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void keep_kernel(uint64_t seed, const std::array<uint32_t, 3>& stream, double drop, size_t count,
                 uint8_t* keep) {
  reference::dropout_keep(seed, stream, drop, count, keep);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<uint32_t, 16>;
using Vec = hn::Vec<Tag>;

constexpr size_t kBlocks = 16;          // Philox blocks of a group
constexpr size_t kGroup = kBlocks * 8;  // values of a group

/// High and low halves of the 64-bit products of every lane with `factor`.
HWY_INLINE void multiply(Vec a, uint32_t factor, Vec& high, Vec& low) {
  const Tag d;
  const hn::Repartition<uint64_t, Tag> wide;
  const Vec f = hn::Set(d, factor);
  const auto even = hn::MulEven(a, f);
  const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(wide, a))), f);
  low = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even));
  high = hn::OddEven(hn::BitCast(d, odd), hn::BitCast(d, hn::ShiftRight<32>(even)));
}

void keep_group(uint64_t seed, const std::array<uint32_t, 3>& stream, uint32_t threshold,
                uint32_t first_block, uint8_t* keep) {
  const Tag d;
  const hn::Rebind<uint8_t, Tag> bytes;
  const hn::RebindToSigned<Tag> words;
  const size_t lanes = hn::Lanes(d);
  const Vec limit = hn::Set(d, threshold);
  for (size_t lane = 0; lane < kBlocks; lane += lanes) {
    Vec c[4] = {hn::Iota(d, first_block + static_cast<uint32_t>(lane)), hn::Set(d, stream[0]),
                hn::Set(d, stream[1]), hn::Set(d, stream[2])};
    auto k0 = static_cast<uint32_t>(seed);
    auto k1 = static_cast<uint32_t>(seed >> 32);
    for (int round = 0; round < 10; ++round) {
      Vec high0, low0, high1, low1;
      multiply(c[0], 0xD2511F53u, high0, low0);
      multiply(c[2], 0xCD9E8D57u, high1, low1);
      c[0] = hn::Xor(hn::Xor(high1, c[1]), hn::Set(d, k0));
      c[1] = low1;
      c[2] = hn::Xor(hn::Xor(high0, c[3]), hn::Set(d, k1));
      c[3] = low0;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    for (size_t word = 0; word < 4; ++word) {
      const Vec halves[2] = {hn::And(c[word], hn::Set(d, 0xFFFFu)), hn::ShiftRight<16>(c[word])};
      for (size_t half = 0; half < 2; ++half) {
        const auto drop = hn::Lt(hn::BitCast(words, halves[half]), hn::BitCast(words, limit));
        const auto flag = hn::IfThenZeroElse(drop, hn::Set(words, 1));
        hn::StoreU(hn::DemoteTo(bytes, flag), bytes, keep + (word * 2 + half) * kBlocks + lane);
      }
    }
  }
}

void keep_kernel(uint64_t seed, const std::array<uint32_t, 3>& stream, double drop, size_t count,
                 uint8_t* keep) {
  const auto threshold = static_cast<uint32_t>(std::lround(drop * 65536));
  size_t first = 0;
  for (; first + kGroup <= count; first += kGroup) {
    keep_group(seed, stream, threshold, static_cast<uint32_t>(first / 8), keep + first);
  }
  if (first < count) {
    uint8_t group[kGroup];
    keep_group(seed, stream, threshold, static_cast<uint32_t>(first / 8), group);
    std::copy(group, group + (count - first), keep + first);
  }
}

#endif

}  // namespace spanlab::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace spanlab {

HWY_EXPORT(keep_kernel);

void dropout_keep(uint64_t seed, const std::array<uint32_t, 3>& stream, double drop, size_t count,
                  uint8_t* keep) {
  HWY_DYNAMIC_DISPATCH(keep_kernel)(seed, stream, drop, count, keep);
}

}  // namespace spanlab
#endif  // HWY_ONCE
