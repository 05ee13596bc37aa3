// Groups: windows that a split must not separate.
#pragma once

#include <vector>

#include "spanlab/windows/window.h"

namespace spanlab {

/// Windows that share a bar or a base window, directly or through others, have the same number.
struct Groups {
  std::vector<int> of;  ///< group of each window, numbered from 0 in order of appearance
  int count = 0;
};

/// `length`: bars in a window.
Groups group_windows(const std::vector<Window>& windows, int length);

}  // namespace spanlab
