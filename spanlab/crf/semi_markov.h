// All sets of disjoint spans of one window: their sum, the marginals, the likelihood, the best set.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

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
  double sum_sets(int first, int last, double sign);
  double close_spans(int t);
  double close_spans_in_logs(int t);
  void spread(int first, int last, double sign);
  double score_of(const Real* bar, const Real* length, const KindSpan& span) const;
  double sum_unknown(std::span<const KindSpan> spans, const uint8_t* unknown);

  int bars_, kinds_, longest_;
  int reach_;  // bars of the longest span that fits
  int row_;  // reach_, rounded up: spans that end at a bar, by start; the last one starts there too
  bool in_logs_ = false;
  double growth_ = 1;                    // of the sum, by the bar before; its log if in_logs_
  std::vector<double> score_;            // [T, 3 K] exp(bar), or bar if in_logs_
  std::vector<double> length_;           // [row_] by start: exp(length), or length if in_logs_
  std::vector<double> open_;             // [K, row_ + 1] spans that go on, by start
  std::vector<double> closed_;           // [T, K, row_] those that end at a bar, by start, ...
  std::vector<double> closed_sum_;       // [T, K] ... their sum, ...
  std::vector<double> scale_;            // [T, K] ... and what makes probabilities of them
  std::vector<double> stay_;             // [T] probability that a bar ends no span
  std::vector<double> starts_;           // [K, row_ - 1 + T] probability that a span starts
  std::vector<double> expected_;         // [T, 3 K] d log Z / d bar
  std::vector<double> expected_length_;  // [row_] d log Z / d length, by start
  std::vector<uint8_t> known_;           // [T]
  std::vector<double> best_score_;       // [T + 1]
  std::vector<KindSpan> best_last_;      // [T + 1] last span of the best set; first = -1 if none
};

}  // namespace spanlab
