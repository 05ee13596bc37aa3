// All sets of disjoint spans of a window: partition function, marginals, likelihood, best set.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/crf/span_gradient.h"
#include "spanlab/crf/spans.h"

namespace spanlab {

/// A semi-Markov random field (Sarawagi and Cohen, "Semi-Markov conditional random fields for
/// information extraction", NIPS 2004) over sets of disjoint spans of a window of T bars; there are
/// K kinds of span and none is longer than D bars. Spans may touch. Its scores:
///   bar [T, 3 K]: of kind k, column 3 k is `inside`, 3 k + 1 `start`, 3 k + 2 `end`
///   length [D]: of a span of d + 1 bars, whatever its kind
/// A span scores its `start` at its first bar, its `end` at its last, the sum of its `inside` and
/// its length; a set scores the sum over its spans; P(set) = exp(score) / Z. Scores of any size are
/// fine, minus infinity forbids. One object serves one thread; it allocates nothing after
/// construction, but for the answer of best().
template <class Real>
class SemiMarkov {
 public:
  /// T, K and D, each at least 1; D may exceed T.
  SemiMarkov(int bars, int kinds, int longest);

  /// Answers log Z. inside [T, K] out: P(bar lies in a span of the kind).
  double marginals(const Real* bar, const Real* length, Real* inside);

  /// Answers -log P(spans), and adds weight times its gradient to dbar [T, 3 K], dlength [D].
  ///   spans: disjoint, inside the window, at most D bars long (asserted)
  ///   smoothing: each span's score becomes its mean under smooth_span()
  ///   unknown [T] or null: 1 where the bar may hold anything. The answer is then
  ///     -log P(any set that is `spans` and else lies in unknown bars). A bar of a given span is
  ///     known, whatever stands here.
  double loss(const Real* bar, const Real* length, std::span<const KindSpan> spans,
              const BoundarySmoothing& smoothing, const uint8_t* unknown, Real weight, Real* dbar,
              Real* dlength);

  /// The set of highest score, in order of time, when `offset` is added to every span's score. A
  /// span that adds nothing is left out.
  std::vector<KindSpan> best(const Real* bar, const Real* length, double offset);

 private:
  void take_scores(const Real* bar, const Real* length);
  double sum_sets(int first, int last, double sign, bool with_lengths);
  double sum_in_logs(int first, int last);
  double close_spans_in_logs(int t, double growth);
  double sum_unknown(std::span<const KindSpan> spans, const uint8_t* unknown);

  int bars_, kinds_, longest_;
  int reach_;  // bars of the longest span that fits
  int slots_;  // R, reach_ rounded up
  bool in_logs_ = false;
  std::vector<double> score_;        // [T, 3 K] exp(bar), or bar if in_logs_
  std::vector<double> ring_;         // [2 R] likewise of length; this and the next as in SpanSums
  std::vector<double> open_;         // [K, R]
  std::vector<double> closed_;       // [T, K, R]
  std::vector<double> end_;          // [K, T]
  std::vector<double> scale_;        // [K, T]
  std::vector<double> stay_;         // [T]
  std::vector<double> start_;        // [K, T]
  std::vector<double> lengths_;      // [2 R]
  SpanGradient gradient_;            // d log Z, less the truth's
  std::vector<uint8_t> known_;       // [T]
  std::vector<double> best_score_;   // [T + 1]
  std::vector<KindSpan> best_last_;  // [T + 1] last span of the best set; first = -1 if none
};

}  // namespace spanlab
