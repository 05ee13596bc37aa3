// Divides the windows into a fixed number of parts, whose sums are added in order.
#include "spanlab/loss/structured_span_loss.h"

#include <algorithm>
#include <numeric>

namespace spanlab {
namespace {

constexpr size_t kParts = 8;

}  // namespace

StructuredSpanLoss::StructuredSpanLoss(const SpanModelConfig& config,
                                       const BoundarySmoothing& smoothing)
    : config_(config),
      smoothing_(smoothing),
      models_(kParts, SpanModel<float>(config)),
      sums_(kParts),
      dshared_(kParts) {}

double StructuredSpanLoss::operator()(ThreadPool& pool, int batch, const float* scores,
                                      const float* shared, const StructuredTargets& targets,
                                      float* dscores, float* dshared) {
  const auto windows = static_cast<size_t>(batch), bars = static_cast<size_t>(config_.bars);
  const size_t columns = static_cast<size_t>(config_.columns());
  const auto globals = static_cast<size_t>(config_.shared_scores());
  std::fill_n(dscores, windows * bars * columns, 0.0f);
  pool.run(static_cast<int>(kParts), [&](int item) {
    const auto part = static_cast<size_t>(item);
    sums_[part] = 0;
    dshared_[part].assign(globals, 0.0f);
    for (size_t b = windows * part / kParts; b < windows * (part + 1) / kParts; ++b) {
      const uint8_t* unknown =
          targets.unknown.empty() ? nullptr : targets.unknown.data() + b * bars;
      sums_[part] += models_[part].loss(scores + b * bars * columns, shared, targets.spans[b],
                                        smoothing_, unknown, 1.0f / static_cast<float>(batch),
                                        dscores + b * bars * columns, dshared_[part].data());
    }
  });
  std::fill_n(dshared, globals, 0.0f);
  for (const std::vector<float>& part : dshared_) {
    for (size_t g = 0; g < globals; ++g) dshared[g] += part[g];
  }
  return std::accumulate(sums_.begin(), sums_.end(), 0.0) / std::max(batch, 1);
}

}  // namespace spanlab
