// Passes each call to the chosen model.
#include "spanlab/crf/span_model.h"

#include <algorithm>

namespace spanlab {
namespace {

template <class Real>
std::variant<SemiMarkov<Real>, OneSpan<Real>, LinearChain<Real>> make_model(
    const SpanModelConfig& config) {
  switch (config.structure) {
    case SpanStructure::one_span:
      return OneSpan<Real>(config.bars, kSpanKinds, config.longest);
    case SpanStructure::linear_chain:
      return LinearChain<Real>(config.bars, 1 + kSpanKinds);
    case SpanStructure::semi_markov:
      break;
  }
  return SemiMarkov<Real>(config.bars, kSpanKinds, config.longest);
}

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

}  // namespace

template <class Real>
SpanModel<Real>::SpanModel(const SpanModelConfig& config)
    : config_(config),
      model_(make_model<Real>(config)),
      by_kind_(static_cast<size_t>(config.bars) * (1 + kSpanKinds)) {}

template <class Real>
void SpanModel<Real>::marginals(const Real* bar, const Real* shared, Real* inside) {
  std::visit([&](auto& model) { model.marginals(bar, shared, by_kind_.data()); }, model_);
  const bool chain = config_.structure == SpanStructure::linear_chain;
  const size_t width = chain ? 1 + kSpanKinds : kSpanKinds;
  for (size_t t = 0; t < static_cast<size_t>(config_.bars); ++t) {
    const Real* kinds = by_kind_.data() + t * width + (chain ? 1 : 0);
    inside[t] = std::min(kinds[0] + kinds[1], Real(1));
  }
}

template <class Real>
double SpanModel<Real>::loss(const Real* bar, const Real* shared, std::span<const KindSpan> spans,
                             const BoundarySmoothing& smoothing, const uint8_t* unknown,
                             Real weight, Real* dbar, Real* dshared) {
  const auto fitting = [&]() -> std::span<const KindSpan> {
    spans_.assign(spans.begin(), spans.end());
    for (KindSpan& span : spans_) span.last = std::min(span.last, span.first + config_.longest - 1);
    return spans_;
  };
  return std::visit(
      Overloaded{
          [&](SemiMarkov<Real>& model) {
            return model.loss(bar, shared, fitting(), smoothing, unknown, weight, dbar, dshared);
          },
          [&](OneSpan<Real>& model) {
            return model.loss(bar, shared, fitting(), smoothing, weight, dbar, dshared);
          },
          [&](LinearChain<Real>& model) {
            const auto bars = static_cast<size_t>(config_.bars);
            tags_.assign(bars, 0);
            if (unknown != nullptr) {
              for (size_t t = 0; t < bars; ++t) tags_[t] = unknown[t] != 0 ? -1 : 0;
            }
            for (const KindSpan& span : spans) {
              std::fill(tags_.begin() + span.first, tags_.begin() + span.last + 1, 1 + span.kind);
            }
            return model.loss(bar, shared, tags_.data(), weight, dbar, dshared);
          }},
      model_);
}

template <class Real>
std::vector<KindSpan> SpanModel<Real>::best(const Real* bar, const Real* shared) {
  return std::visit(Overloaded{[&](LinearChain<Real>& model) {
                                 const std::vector<int> tags = model.best(bar, shared);
                                 std::vector<KindSpan> spans;
                                 for (int t = 0; t < config_.bars; ++t) {
                                   const int tag = tags[static_cast<size_t>(t)];
                                   if (tag == 0) continue;
                                   if (!spans.empty() && spans.back().last == t - 1 &&
                                       spans.back().kind == tag - 1) {
                                     spans.back().last = t;
                                   } else {
                                     spans.push_back({t, t, tag - 1});
                                   }
                                 }
                                 return spans;
                               },
                               [&](auto& model) { return model.best(bar, shared, 0); }},
                    model_);
}

template class SpanModel<float>;
template class SpanModel<double>;

}  // namespace spanlab
