// Small scored windows for the tests of metrics.
#pragma once

#include <cmath>
#include <vector>

#include "spanlab/base/random.h"
#include "spanlab/metrics/metrics.h"

namespace spanlab {

// Arrays and the view of them that the metrics take.
struct ScoredCase {
  int windows, length;
  std::vector<float> probability, mask;
  std::vector<int> group;

  ScoredWindows view() const { return {windows, length, probability, mask, group}; }
};

// Four windows of 12 bars with ties, a window without span and one with two.
inline ScoredCase golden_case() {
  return {4,
          12,
          {.1f, .2f, .8f, .9f, .7f, .3f, .1f, .6f, .6f, .2f, .1f, .0625f,  //
           .5f, .5f, .1f, .1f, .3f, .8f, .9f, .9f, .2f, .1f, .1f, .4f,     //
           .1f, .1f, .1f, .2f, .2f, .1f, .7f, .8f, .1f, .1f, .1f, .1f,     //
           .3f, .4f, .6f, .7f, .8f, .6f, .6f, .9f, .8f, .7f, .2f, .1f},
          {0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0,  //
           0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0,  //
           0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  //
           0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0},
          {0, 0, 1, 2}};
}

// One span in most windows, probabilities that know something of it; groups of three windows.
inline ScoredCase random_case(int windows, int length, uint64_t seed) {
  ScoredCase made{windows, length, {}, {}, {}};
  RandomStream random(seed, Purpose::market);
  for (int w = 0; w < windows; ++w) {
    const int start = static_cast<int>(random.below(static_cast<uint64_t>(length)));
    const int end = w % 5 == 0 ? start - 1 : start + static_cast<int>(random.below(8));
    for (int t = 0; t < length; ++t) {
      const bool inside = t >= start && t <= end;
      const double logit = (inside ? 0 : -3) + 1.5 * random.normal();
      made.mask.push_back(inside ? 1.0f : 0.0f);
      made.probability.push_back(static_cast<float>(1 / (1 + std::exp(-logit))));
    }
    made.group.push_back(w / 3);
  }
  return made;
}

// The window at the end once more.
inline void repeat_window(ScoredCase& scored, int window) {
  const auto first = static_cast<size_t>(window * scored.length);
  for (size_t t = 0; t < static_cast<size_t>(scored.length); ++t) {
    scored.probability.push_back(scored.probability[first + t]);
    scored.mask.push_back(scored.mask[first + t]);
  }
  scored.group.push_back(scored.group[static_cast<size_t>(window)]);
  ++scored.windows;
}

}  // namespace spanlab
