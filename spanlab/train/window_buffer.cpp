// Exchanges windows in the buffer, and empties it at the end.
#include "spanlab/train/window_buffer.h"

#include <algorithm>

namespace spanlab {

bool WindowBuffer::exchange(float* window) {
  const auto width = static_cast<ptrdiff_t>(width_);
  if (size() < capacity_) {
    windows_.insert(windows_.end(), window, window + width);
    return false;
  }
  const auto drawn = static_cast<ptrdiff_t>(random_.below(capacity_)) * width;
  std::swap_ranges(window, window + width, windows_.begin() + drawn);
  return true;
}

bool WindowBuffer::take(float* window) {
  if (windows_.empty()) return false;
  const auto width = static_cast<ptrdiff_t>(width_);
  const auto drawn = static_cast<ptrdiff_t>(random_.below(size())) * width;
  std::copy_n(windows_.begin() + drawn, width, window);
  // The last one moves into its place.
  std::copy_backward(windows_.end() - width, windows_.end(), windows_.begin() + drawn + width);
  windows_.resize(windows_.size() - width_);
  return true;
}

}  // namespace spanlab
