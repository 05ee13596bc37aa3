// One pass over the bars, then the counts of segments.
#include "spanlab/metrics/window_sums.h"

#include <algorithm>
#include <cmath>

namespace spanlab {
namespace {

using Term = WindowTerm;

void add_bar(double p, bool inside, double threshold, WindowSums& sums) {
  constexpr double kClamp = 1e-7;
  const double label = inside ? 1 : 0;
  sums[Term::bars] += 1;
  sums[Term::inside] += label;
  sums[inside ? Term::inside_sum : Term::outside_sum] += p;
  sums[Term::log_loss] -= std::log(std::clamp(inside ? p : 1 - p, kClamp, 1 - kClamp));
  sums[Term::squares] += (p - label) * (p - label);
  const bool predicted = p >= threshold, half = p >= 0.5;
  sums[Term::hits] += predicted && inside;
  sums[Term::predicted] += predicted;
  sums[Term::half_hits] += half && inside;
  sums[Term::half_predicted] += half;
}

}  // namespace

WindowSums window_sums(std::span<const float> probability, std::span<const float> mask,
                       double threshold, const std::vector<BarSegment>& labelled,
                       const std::vector<BarSegment>& predicted) {
  WindowSums sums{};
  sums[Term::windows] = 1;
  for (size_t t = 0; t < probability.size(); ++t) {
    add_bar(probability[t], mask[t] != 0, threshold, sums);
  }
  const SegmentCounts counts = count_segments(labelled, predicted);
  sums[Term::labelled_segments] = counts.labelled;
  sums[Term::predicted_segments] = counts.predicted;
  sums[Term::right_10] = counts.right[0];
  sums[Term::right_25] = counts.right[1];
  sums[Term::right_50] = counts.right[2];
  sums[Term::edit] = counts.edit;
  sums[Term::span_hits] = counts.hits;
  sums[Term::matched] = counts.matched;
  sums[Term::start_error] = counts.start_error;
  sums[Term::end_error] = counts.end_error;
  return sums;
}

}  // namespace spanlab
