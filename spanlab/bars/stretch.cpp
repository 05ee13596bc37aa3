// Walks away from a row until a gap, the end, or far enough.
#include "spanlab/bars/stretch.h"

namespace spanlab {

int64_t bars_before(const Bars& series, int64_t row, int64_t most) {
  int64_t bars = 0;
  while (bars < most && row - bars > 0 && !series.gap_before(row - bars)) ++bars;
  return bars;
}

int64_t bars_behind(const Bars& series, int64_t row, int64_t most) {
  int64_t bars = 0;
  while (bars < most && row + bars + 1 < series.size() && !series.gap_before(row + bars + 1)) {
    ++bars;
  }
  return bars;
}

}  // namespace spanlab
