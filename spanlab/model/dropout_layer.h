// Inverted dropout of an array: kept values are scaled up, so that evaluation needs no scaling.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

#include "spanlab/base/random.h"
#include "spanlab/kernels/dropout.h"

namespace spanlab {

/// Which masks a forward pass draws. No key: evaluation, nothing is dropped.
struct DropoutKey {
  uint64_t seed;
  uint32_t epoch;
  uint32_t batch;  ///< number of the batch in its epoch
};

/// One place in a model where values are dropped.
class DropoutLayer {
 public:
  /// `drop` in [0, 1): probability to be dropped. `place` tells layers of the same purpose apart.
  DropoutLayer(double drop, Purpose purpose, uint32_t place = 0)
      : drop_(drop), purpose_(purpose), place_(place) {}

  /// Draws the mask of `count` values; without a key, or with drop 0, none.
  void draw(const std::optional<DropoutKey>& key, size_t count) {
    active_ = key.has_value() && drop_ > 0;
    if (!active_) return;
    keep_.resize(count);
    dropout_keep(key->seed, {key->batch * 8 + place_, key->epoch, static_cast<uint32_t>(purpose_)},
                 drop_, count, keep_.data());
  }

  /// [count] 0 or 1; nullptr if all are kept.
  const uint8_t* keep() const { return active_ ? keep_.data() : nullptr; }
  double scale() const { return active_ ? 1 / (1 - drop_) : 1; }

  /// to [count] = from * mask * scale: forward of values and backward of gradients alike.
  template <class Real>
  void apply(size_t count, const Real* from, Real* to) const {
    if (!active_) {
      if (from != to) std::copy_n(from, count, to);
      return;
    }
    const auto factor = static_cast<Real>(scale());
    const uint8_t* keep = keep_.data();
    // The mask is random: a branch on it would be guessed wrong every other time.
    using Bits = std::conditional_t<sizeof(Real) == 4, uint32_t, uint64_t>;
    for (size_t i = 0; i < count; ++i) {
      to[i] = std::bit_cast<Real>(std::bit_cast<Bits>(from[i] * factor) & (Bits{0} - keep[i]));
    }
  }

 private:
  double drop_;
  Purpose purpose_;
  uint32_t place_;
  bool active_ = false;
  std::vector<uint8_t> keep_;
};

}  // namespace spanlab
