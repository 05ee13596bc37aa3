// Counter-based random numbers (Philox4x32-10): a draw is a function of its key, no state to save.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace spanlab {

/// What a random number is for; streams of different purposes never share a number.
/// The values are part of the promise "same seed, same bits": never renumber.
enum class Purpose : uint32_t {
  parameter_init = 1,
  split = 2,
  shuffle = 3,
  input_dropout = 4,
  layer_dropout = 5,
  classifier_dropout = 6,
  pointer_dropout = 7,
  span_dropout = 8,
  countdown_dropout = 9,
  market = 10,
  window_cut = 11,
  balancing = 12,
  bootstrap = 13,
  folds = 14,
  mirror = 15,
  window_shift = 16,
  bar_mask = 17,
  window_buffer = 18,
};

/// One Philox4x32-10 block: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
std::array<uint32_t, 4> philox(const std::array<uint32_t, 4>& counter,
                               const std::array<uint32_t, 2>& key);

/// The numbers of one (seed, purpose, epoch, index), in order. Copyable; a copy repeats them.
class RandomStream {
 public:
  RandomStream(uint64_t seed, Purpose purpose, uint32_t epoch = 0, uint32_t index = 0);

  uint32_t bits();   ///< 32 random bits
  double uniform();  ///< [0, 1), 53 bits
  double uniform(double low, double high);
  double normal();             ///< mean 0, standard deviation 1 (Box-Muller)
  uint64_t below(uint64_t n);  ///< 0..n-1 without bias; n > 0

  /// Fisher-Yates.
  template <class T>
  void shuffle(std::span<T> values) {
    for (size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

 private:
  std::array<uint32_t, 2> key_;
  std::array<uint32_t, 4> counter_;  // {block, index, epoch, purpose}
  std::array<uint32_t, 4> block_{};
  int used_ = 4;
};

}  // namespace spanlab
