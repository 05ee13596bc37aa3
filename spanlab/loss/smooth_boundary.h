// Targets of single bars with uncertain span boundaries.
#pragma once

#include <algorithm>
#include <span>

#include "spanlab/crf/spans.h"

namespace spanlab {

/// The probability that a bar lies in a span, when each span is drawn for itself from the spans
/// that smooth_span() puts in its place. spans: disjoint, in the window, at most `longest` bars
/// long; their kinds do not matter. target [bars] out.
template <class Real>
void smooth_targets(std::span<const KindSpan> spans, const BoundarySmoothing& smoothing, int bars,
                    int longest, Real* target) {
  std::fill_n(target, bars, Real(1));  // first the probability of no span
  for (const KindSpan& span : spans) {
    const int first = std::max(0, span.first - smoothing.radius);
    const int last = std::min(bars - 1, span.last + smoothing.radius);
    for (int t = first; t <= last; ++t) {
      double outside = 1;
      smooth_span(span, smoothing, bars, longest, [&](const KindSpan& near, double share) {
        if (near.first <= t && t <= near.last) outside -= share;
      });
      target[t] = static_cast<Real>(target[t] * std::max(outside, 0.0));
    }
  }
  for (int t = 0; t < bars; ++t) target[t] = 1 - target[t];
}

}  // namespace spanlab
