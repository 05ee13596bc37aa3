// A span that a detector found.
#pragma once

#include <cstdint>

#include "spanlab/labels/spans.h"

namespace spanlab {

/// A span that the detector found.
struct Detection {
  int64_t start_row, end_row;  ///< first and last bar, inclusive as in a Span
  int64_t first_ms, last_ms;   ///< opening times of these bars
  Direction direction;         ///< up if the last close is not below the close before the span
  double confidence;           ///< mean probability of its bars
  int64_t known_at;            ///< row of the bar after which it was known
  bool committed;              ///< never changes; else it may still grow, shrink or vanish

  BarRange rows() const { return {start_row, end_row + 1}; }
  bool operator==(const Detection&) const = default;
};

}  // namespace spanlab
