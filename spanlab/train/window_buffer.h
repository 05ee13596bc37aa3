// A buffer of bounded size that returns passing windows in random order.
#pragma once

#include <cstddef>
#include <vector>

#include "spanlab/base/random.h"

namespace spanlab {

/// Once full, each window that goes in pushes a random one out.
class WindowBuffer {
 public:
  /// `capacity`: windows, at least 1. `width`: values of a window.
  WindowBuffer(size_t capacity, size_t width, RandomStream random)
      : capacity_(capacity), width_(width), random_(random) {}

  /// Takes `window` [width]. True if another one had to make room: it is in `window` then.
  bool exchange(float* window);
  /// A random one of those that are left; false if there is none.
  bool take(float* window);

  size_t size() const { return windows_.size() / width_; }  ///< windows in it

 private:
  size_t capacity_, width_;
  RandomStream random_;
  std::vector<float> windows_;  // [size, width]
};

}  // namespace spanlab
