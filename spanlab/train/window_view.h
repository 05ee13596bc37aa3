// How training sees a window in one epoch: mirrored, shifted.
#pragma once

namespace spanlab {

struct WindowView {
  bool mirrored = false;  ///< prices upside down
  int shift = 0;          ///< bars that it is moved by; above 0: to later bars
};

}  // namespace spanlab
