// The span task's loss under a structured model: -log probability of the windows' spans.
#pragma once

#include <span>
#include <vector>

#include "spanlab/base/parallel.h"
#include "spanlab/crf/span_model.h"

namespace spanlab {

/// Targets of B windows of T bars.
struct StructuredTargets {
  std::vector<std::vector<KindSpan>> spans;  ///< [B] disjoint, by their first bar
  std::vector<uint8_t> unknown;  ///< [B, T] 1 where a bar may hold anything; empty: nowhere
};

/// A mean over windows, in nats a window: a window is one observation, however long it is.
class StructuredSpanLoss {
 public:
  StructuredSpanLoss(const SpanModelConfig& config, const BoundarySmoothing& smoothing);

  /// scores [B, T, C] and shared [G] as the model's output has them. Writes the gradients dscores
  /// [B, T, C], dshared [G]. The bits are the same for any number of threads.
  double operator()(ThreadPool& pool, int batch, const float* scores, const float* shared,
                    const StructuredTargets& targets, float* dscores, float* dshared);

 private:
  SpanModelConfig config_;
  BoundarySmoothing smoothing_;
  std::vector<SpanModel<float>> models_;     // one a part of the batch
  std::vector<double> sums_;                 // [parts]
  std::vector<std::vector<float>> dshared_;  // [parts][G]
};

}  // namespace spanlab
