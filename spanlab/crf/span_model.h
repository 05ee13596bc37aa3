// The structured models behind one interface: which one a recipe chooses, and what each needs.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "spanlab/crf/linear_chain.h"
#include "spanlab/crf/one_span.h"
#include "spanlab/crf/semi_markov.h"
#include "spanlab/crf/spans.h"

namespace spanlab {

enum class SpanStructure {
  semi_markov,  ///< any number of disjoint spans
  one_span,     ///< one span or none
  linear_chain  ///< a tag a bar, scores between neighbours
};

inline constexpr int kSpanKinds = 2;  ///< 0 upward, 1 downward

struct SpanModelConfig {
  SpanStructure structure = SpanStructure::semi_markov;
  int bars = 0;     ///< T
  int longest = 0;  ///< D, bars of the longest span; no meaning in a linear chain

  /// C, scores of a bar.
  int columns() const {
    return structure == SpanStructure::linear_chain ? 1 + kSpanKinds : 3 * kSpanKinds;
  }
  /// G, scores that all bars share: of the lengths, or of a chain's transitions.
  int shared_scores() const {
    constexpr int kTags = 1 + kSpanKinds;
    return structure == SpanStructure::linear_chain ? kTags * (kTags + 2) : longest;
  }
};

/// One of the models for one window at a time; not for several threads at once.
template <class Real>
class SpanModel {
 public:
  explicit SpanModel(const SpanModelConfig& config);

  /// P(bar lies in a span), inside [T], of scores bar [T, C] and shared [G].
  void marginals(const Real* bar, const Real* shared, Real* inside);

  /// -log P(spans); adds `weight` times its gradient to dbar [T, C] and dshared [G].
  ///   spans: disjoint, in the window. One that is longer than D counts by its first D bars; of
  ///          several under one_span each is true with an equal share.
  ///   unknown [T] or null: 1 where the bar may hold anything; one_span has no such bars.
  double loss(const Real* bar, const Real* shared, std::span<const KindSpan> spans,
              const BoundarySmoothing& smoothing, const uint8_t* unknown, Real weight, Real* dbar,
              Real* dshared);

  /// The most probable spans, in order of time.
  std::vector<KindSpan> best(const Real* bar, const Real* shared);

 private:
  SpanModelConfig config_;
  std::variant<SemiMarkov<Real>, OneSpan<Real>, LinearChain<Real>> model_;
  std::vector<Real> by_kind_;  // [T, kinds or tags]
  std::vector<KindSpan> spans_;
  std::vector<int> tags_;  // [T] of a linear chain
};

extern template class SpanModel<float>;
extern template class SpanModel<double>;

}  // namespace spanlab
