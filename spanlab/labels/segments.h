// Maximal scoring segments of a sequence of numbers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace spanlab {

/// A run of consecutive places and the sum of its scores.
struct Segment {
  int64_t first, last;  ///< inclusive
  double score;
};

/// All maximal scoring segments, from left to right: the segment of largest sum, then those of what
/// is left on either side of it, and so on, as long as the sum is above 0. They are disjoint, and
/// no shorter or longer segment around one scores more. Linear time. Ruzzo and Tompa, "A linear
/// time algorithm for finding all maximal scoring subsequences", ISMB 1999.
std::vector<Segment> maximal_segments(std::span<const double> scores);

}  // namespace spanlab
