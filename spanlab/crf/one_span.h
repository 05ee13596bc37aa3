// Exactly one span in a window, or none: the softmax over all spans.
#pragma once

#include <span>
#include <vector>

#include "spanlab/crf/span_gradient.h"
#include "spanlab/crf/spans.h"

namespace spanlab {

/// What is expected of the span of a window.
struct ExpectedSpan {
  double present = 0;  ///< P(there is one)
  double center = 0;   ///< mean of (first + last) / 2 in bars, given that there is one
  double length = 0;   ///< mean of last - first + 1 in bars, likewise
};

/// The softmax over every span of a window of T bars, of K kinds and at most D bars, and over "no
/// span", which scores 0. Scores are laid out as SemiMarkov has them. There is no class imbalance
/// in this likelihood: even scores cost ln(number of spans + 1) whatever the span. One object
/// serves one thread; it allocates nothing after construction, but for the answer of best().
template <class Real>
class OneSpan {
 public:
  /// T, K and D, each at least 1; D may exceed T.
  OneSpan(int bars, int kinds, int longest);

  /// Answers log Z. inside [T, K] out: P(bar lies in a span of the kind); `expected` out or null.
  double marginals(const Real* bar, const Real* length, Real* inside,
                   ExpectedSpan* expected = nullptr);

  /// Answers -log P(the span), and adds weight times its gradient to dbar [T, 3 K], dlength [D].
  ///   spans: none, then it is "no span" that is true; one; or several, which then count as true
  ///     with equal shares (the cross-entropy with that distribution). Each inside the window and
  ///     at most D bars long (asserted)
  ///   smoothing: each span's score becomes its mean under smooth_span()
  double loss(const Real* bar, const Real* length, std::span<const KindSpan> spans,
              const BoundarySmoothing& smoothing, Real weight, Real* dbar, Real* dlength);

  /// The span of highest score if that is above 0 when `offset` is added to it; else nothing. Of
  /// equal ones the earliest that ends, then of the lowest kind, then the shortest.
  std::vector<KindSpan> best(const Real* bar, const Real* length, double offset);

 private:
  double sum_spans(const Real* bar, const Real* length, ExpectedSpan* expected);
  double score_spans(const Real* bar, const Real* length);
  void spread(double total);
  ExpectedSpan moments(double present) const;

  int bars_, kinds_, longest_;
  int reach_;                   // bars of the longest span that fits
  std::vector<double> open_;    // [reach_ + 1] scores of spans that continue, by start
  std::vector<double> weight_;  // [T, K, reach_] of spans that end at a bar, by start; the last one
                                // starts there too
  std::vector<double> starts_;  // [K, reach_ - 1 + T] probability that the span starts
  std::vector<double> ends_;    // [K, T] that it ends
  std::vector<double> lengths_;  // [reach_] and of its length, by start
  SpanGradient gradient_;        // d log Z, less the truth's
};

}  // namespace spanlab
