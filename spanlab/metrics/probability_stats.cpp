// Splits the bars by the mask and summarizes both parts.
#include "spanlab/metrics/probability_stats.h"

#include <utility>
#include <vector>

#include "spanlab/metrics/distribution.h"

namespace spanlab {

ProbabilityStats probability_stats(const float* probability, const float* mask, size_t bars) {
  std::vector<float> in_span, out_span;
  for (size_t i = 0; i < bars; ++i) (mask[i] != 0 ? in_span : out_span).push_back(probability[i]);
  const Summary in = summarize(std::move(in_span));
  const Summary out = summarize(std::move(out_span));
  return {in, out, in.mean - out.mean};
}

}  // namespace spanlab
