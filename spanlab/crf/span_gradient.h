// Gradients of a window's span scores: marginals under the model minus those of the truth.
#pragma once

#include <cassert>
#include <span>
#include <vector>

#include "spanlab/crf/spans.h"

namespace spanlab {

/// The score of one span. bar [T, 3 K]: of kind k, column 3 k is `inside`, 3 k + 1 `start`, 3 k + 2
/// `end`; length [D].
template <class Real>
double span_score(const Real* bar, const Real* length, int kinds, const KindSpan& span) {
  const int columns = 3 * kinds;
  const Real* score = bar + 3 * span.kind;
  double sum = length[span.last - span.first];
  sum += score[span.first * columns + 1];
  sum += score[span.last * columns + 2];
  for (int t = span.first; t <= span.last; ++t) sum += score[t * columns];
  return sum;
}

/// Collects d / d bar and d / d length in double.
class SpanGradient {
 public:
  /// T bars, K kinds, lengths of up to `reach` bars.
  SpanGradient(int bars, int kinds, int reach);

  void clear();
  /// Adds `share` times the slopes of the span's own score.
  void add(const KindSpan& span, double share);
  /// Adds the marginals of one kind in the bars first..last - 1.
  ///   starts, ends [T] by bar: P(a span of the kind starts, ends there)
  void add_marginals(int kind, int first, int last, const double* starts, const double* ends);
  /// length [reach] by bars less one.
  double* length() { return length_.data(); }
  /// P(bar lies in a span of the kind), [T, K].
  template <class Real>
  void write_inside(Real* inside) const;
  /// Adds weight times the slopes to dbar [T, 3 K], dlength [reach].
  template <class Real>
  void add_to(Real weight, Real* dbar, Real* dlength) const;

 private:
  int kinds_;
  std::vector<double> bar_, length_;  // [T, 3 K], [reach]
};

/// Takes the truth off: `loss` by the spans' scores, `gradient` by their slopes, each span's mean
/// under smooth_span() over `parts`. Scores as in span_score(); the spans inside the window of
/// `bars` bars, at most `longest` bars long, of a kind below `kinds` (asserted).
template <class Real>
void take_off_truth(const Real* bar, const Real* length, int bars, int kinds, int longest,
                    std::span<const KindSpan> spans, const BoundarySmoothing& smoothing,
                    double parts, double& loss, SpanGradient& gradient) {
  for (const KindSpan& span : spans) {
    assert(0 <= span.first && span.first <= span.last && span.last < bars);
    assert(span.last - span.first < longest && 0 <= span.kind && span.kind < kinds);
    smooth_span(span, smoothing, bars, longest, [&](const KindSpan& near, double mass) {
      if (mass == 0) return;
      const double share = mass / parts;
      loss -= share * span_score(bar, length, kinds, near);
      gradient.add(near, -share);
    });
  }
}

}  // namespace spanlab
