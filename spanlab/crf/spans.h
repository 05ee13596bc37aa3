// Spans of one window as the structured models see them, and how their boundaries are smoothed.
#pragma once

#include <algorithm>
#include <cstdlib>

namespace spanlab {

/// One span of a window.
struct KindSpan {
  int first = 0;  ///< bar of the window, from 0
  int last = 0;   ///< bar of the window, inclusive
  int kind = 0;   ///< from 0
  bool operator==(const KindSpan&) const = default;
};

/// How much of a true span's weight goes to the spans near it; off as it stands.
struct BoundarySmoothing {
  double mass = 0;  ///< [0, 1], shared evenly by the neighbours
  int radius = 0;   ///< bars: |first - first'| + |last - last'| of a neighbour is at most this
};

/// Calls use(neighbour, weight) for every span that stands for `span`; the weights sum to 1. The
/// neighbours have its kind, lie within `bars` bars and are at most `longest` bars long; where
/// there are none the span keeps all. Zhu and Li, "Boundary smoothing for named entity
/// recognition", ACL 2022.
template <class Use>
void smooth_span(const KindSpan& span, const BoundarySmoothing& smoothing, int bars, int longest,
                 Use&& use) {
  const auto visit = [&](auto&& see) {
    for (int first = std::max(0, span.first - smoothing.radius);
         first <= span.first + smoothing.radius; ++first) {
      const int left = smoothing.radius - std::abs(first - span.first);
      const int low = std::max(first, span.last - left);
      const int high = std::min({bars - 1, first + longest - 1, span.last + left});
      for (int last = low; last <= high; ++last) {
        if (first != span.first || last != span.last) see(KindSpan{first, last, span.kind});
      }
    }
  };
  int neighbours = 0;
  if (smoothing.mass > 0) visit([&](const KindSpan&) { ++neighbours; });
  if (neighbours == 0) return use(span, 1.0);
  use(span, 1 - smoothing.mass);
  visit([&](const KindSpan& near) { use(near, smoothing.mass / neighbours); });
}

}  // namespace spanlab
