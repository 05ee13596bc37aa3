// Means over all pairs of a test span and a training span.
#include "spanlab/metrics/chance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "spanlab/base/error.h"
#include "spanlab/base/number.h"
#include "spanlab/metrics/segment_scores.h"

namespace spanlab {
namespace {

std::vector<BarSegment> spans_of(const WindowsPart& part) {
  const auto& [windows, chosen] = part;
  std::vector<BarSegment> spans;
  for (const int number : chosen) {
    if (number < 0 || static_cast<size_t>(number) >= windows.size()) {
      throw Error(fmt::format("window {} of {}", number, windows.size()),
                  "windows are numbered from 0");
    }
    for (const WindowSpan& span : windows[static_cast<size_t>(number)].spans) {
      spans.push_back({span.start, span.end});
    }
  }
  return spans;
}

}  // namespace

ChanceLevels chance_levels(const WindowsPart& train, const WindowsPart& test, int length) {
  const std::vector<BarSegment> drawn = spans_of(train), met = spans_of(test);
  double inside = 0, hits = 0, matched = 0, start_error = 0, end_error = 0;
  for (const BarSegment& span : met) {
    inside += span.length();
    for (const BarSegment& other : drawn) {
      const int start = std::abs(other.start - span.start), end = std::abs(other.end - span.end);
      hits += std::max(start, end) <= kHitBars;
      if (!(temporal_iou(span, other) > 0)) continue;
      matched += 1;
      start_error += start;
      end_error += end;
    }
  }
  const double rate = ratio(inside, static_cast<double>(test.chosen.size()) * length);
  const double pairs = static_cast<double>(drawn.size()) * static_cast<double>(met.size());
  return {.average_precision = rate,
          .f1_all_positive = 2 * rate / (1 + rate),
          .hit3 = ratio(hits, pairs),
          .start_error = ratio(start_error, matched),
          .end_error = ratio(end_error, matched)};
}

}  // namespace spanlab
