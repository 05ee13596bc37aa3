// The algorithm of Ruzzo and Tompa: a list of candidate segments, merged as the sequence is read.
#include "spanlab/labels/segments.h"

namespace spanlab {
namespace {

constexpr int kNone = -1;

struct OpenSegment {
  int64_t first, last;
  double before, after;  // sum of all scores left of the candidate, and up to its end
  int lower;             // nearest candidate to the left that has a smaller `before`, or kNone
};

}  // namespace

std::vector<Segment> maximal_segments(std::span<const double> scores) {
  std::vector<OpenSegment> list;
  double total = 0.0;
  for (size_t i = 0; i < scores.size(); ++i) {
    const double before = total;
    total += scores[i];
    if (!(scores[i] > 0.0)) continue;
    const auto place = static_cast<int64_t>(i);
    OpenSegment next{place, place, before, total, static_cast<int>(list.size()) - 1};
    // All candidates between one and its `lower` are at least as high as it: skip them.
    while (next.lower != kNone && list[static_cast<size_t>(next.lower)].before >= next.before) {
      next.lower = list[static_cast<size_t>(next.lower)].lower;
    }
    // A lower candidate that ends lower too only gains by reaching up to here.
    while (next.lower != kNone && list[static_cast<size_t>(next.lower)].after < next.after) {
      const OpenSegment& left = list[static_cast<size_t>(next.lower)];
      const auto kept = static_cast<size_t>(next.lower);
      next = {left.first, place, left.before, next.after, left.lower};
      list.resize(kept);
    }
    list.push_back(next);
  }
  std::vector<Segment> segments;
  segments.reserve(list.size());
  for (const OpenSegment& c : list) segments.push_back({c.first, c.last, c.after - c.before});
  return segments;
}

}  // namespace spanlab
