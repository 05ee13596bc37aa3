// The scores of the reported run, its 1e-10 included: they keep 0 / 0 from being NaN.
#include "spanlab/metrics/span_scores.h"

namespace spanlab {

SpanScores span_scores(const float* probability, const float* mask, int windows, int length,
                       double threshold) {
  constexpr double kTiny = 1e-10;
  SpanScores sum{};
  for (int w = 0; w < windows; ++w) {
    double hits = 0, predicted = 0, labelled = 0;  // bars; TP, TP + FP, TP + FN
    for (int t = 0; t < length; ++t, ++probability, ++mask) {
      const bool in_prediction = *probability > threshold;
      const bool in_span = *mask != 0;
      hits += in_prediction && in_span;
      predicted += in_prediction;
      labelled += in_span;
    }
    const double precision = hits / (predicted + kTiny);
    const double recall = hits / (labelled + kTiny);
    sum.precision += precision;
    sum.recall += recall;
    sum.f1 += 2 * precision * recall / (precision + recall + kTiny);
  }
  return {sum.precision / windows, sum.recall / windows, sum.f1 / windows};
}

}  // namespace spanlab
