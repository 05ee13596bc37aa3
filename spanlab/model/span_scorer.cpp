// Scores of bars, forward and backward.
#include "spanlab/model/span_scorer.h"

#include <algorithm>

namespace spanlab {
namespace {

// Windows are shared out in this many parts, each with a model of its own.
constexpr int kParts = 8;

}  // namespace

template <class Real>
SpanScorer<Real>::SpanScorer(ParameterTable& table, const SpanModelConfig& config, int width,
                             double drop)
    : config_(config),
      width_(width),
      linear_(table, Role::head_of(Task::span), "expansion_span_emission.1", width,
              config.columns()),
      dropout_(drop, Purpose::span_dropout),
      models_(kParts, SpanModel<Real>(config)) {
  const bool lengths = config.structure != SpanStructure::linear_chain;
  shared_ = table.add(Role::head_of(Task::span), kSharedScores, {config.shared_scores()}, 0,
                      lengths ? kLengthStart : 0.0);
}

template <class Real>
void SpanScorer<Real>::forward(const Real* block, const std::optional<DropoutKey>& dropout,
                               int batch, const Real* h, Real* scores, Real* shared) {
  const int rows = config_.bars * batch;
  const auto values = static_cast<size_t>(rows) * static_cast<size_t>(width_);
  const auto columns = static_cast<size_t>(config_.columns());
  dropout_.draw(dropout, values);
  const Real* in = h;
  if (dropout_.keep() != nullptr) {
    dropped_.resize(values);
    dropout_.apply(values, h, dropped_.data());
    in = dropped_.data();
  }
  by_bar_.resize(static_cast<size_t>(rows) * columns);
  linear_.forward(block, rows, in, by_bar_.data());
  const auto bars = static_cast<size_t>(config_.bars), windows = static_cast<size_t>(batch);
  for (size_t b = 0; b < windows; ++b) {
    for (size_t t = 0; t < bars; ++t) {
      std::copy_n(by_bar_.data() + (t * windows + b) * columns, columns,
                  scores + (b * bars + t) * columns);
    }
  }
  std::copy_n(block + shared_, config_.shared_scores(), shared);
}

template <class Real>
void SpanScorer<Real>::backward(const Real* block, int batch, const Real* h, const Real* dscores,
                                const Real* dshared, Real* gradient, Real* dh) {
  const int rows = config_.bars * batch;
  const auto values = static_cast<size_t>(rows) * static_cast<size_t>(width_);
  const auto columns = static_cast<size_t>(config_.columns());
  const auto bars = static_cast<size_t>(config_.bars), windows = static_cast<size_t>(batch);
  for (size_t b = 0; b < windows; ++b) {
    for (size_t t = 0; t < bars; ++t) {
      std::copy_n(dscores + (b * bars + t) * columns, columns,
                  by_bar_.data() + (t * windows + b) * columns);
    }
  }
  dh_.resize(values);
  linear_.backward(block, rows, dropout_.keep() != nullptr ? dropped_.data() : h, by_bar_.data(),
                   gradient, dh_.data());
  dropout_.apply(values, dh_.data(), dh_.data());
  for (size_t i = 0; i < values; ++i) dh[i] += dh_[i];
  for (int i = 0; i < config_.shared_scores(); ++i) {
    gradient[shared_ + static_cast<size_t>(i)] += dshared[i];
  }
}

template <class Real>
void SpanScorer<Real>::marginals(ThreadPool& pool, int batch, const Real* scores,
                                 const Real* shared, Real* inside) {
  pool.run(kParts, [&](int part) {
    for (int b = batch * part / kParts; b < batch * (part + 1) / kParts; ++b) {
      const ptrdiff_t bar = static_cast<ptrdiff_t>(b) * config_.bars;
      models_[static_cast<size_t>(part)].marginals(scores + bar * config_.columns(), shared,
                                                   inside + bar);
    }
  });
}

template class SpanScorer<float>;
template class SpanScorer<double>;

}  // namespace spanlab
