// The semi-Markov field of given scores, called in one line.
#pragma once

#include <vector>

#include "spanlab/crf/semi_markov.h"
#include "tests/crf/enumerate.h"

namespace spanlab::testing {

inline SemiMarkov<double> model_of(const Scores& scores) {
  return {scores.bars, scores.kinds, scores.longest};
}

inline std::vector<double> marginals(const Scores& scores, double* log_z) {
  std::vector<double> inside(static_cast<size_t>(scores.bars * scores.kinds), -1);
  *log_z = model_of(scores).marginals(scores.bar.data(), scores.length.data(), inside.data());
  return inside;
}

/// A loss with its gradient.
struct Loss {
  double value = 0;
  std::vector<double> dbar, dlength;
};

inline Loss loss(const Scores& scores, const SpanSet& spans,
                 const BoundarySmoothing& smoothing = {}, const uint8_t* unknown = nullptr,
                 double weight = 1) {
  Loss loss{0, std::vector<double>(scores.bar.size()), std::vector<double>(scores.length.size())};
  loss.value = model_of(scores).loss(scores.bar.data(), scores.length.data(), spans, smoothing,
                                     unknown, weight, loss.dbar.data(), loss.dlength.data());
  return loss;
}

}  // namespace spanlab::testing
