// What the tests of the structured models share: random scores, all sets of spans one by one, and
// slopes by finite differences.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "spanlab/base/random.h"
#include "spanlab/crf/spans.h"

namespace spanlab::testing {

using SpanSet = std::vector<KindSpan>;

/// A window's scores: bar [bars, 3 kinds], length [longest].
struct Scores {
  int bars, kinds, longest;
  std::vector<double> bar, length;

  double of(const KindSpan& span) const {
    const auto column = [&](int t, int c) {
      return bar[static_cast<size_t>((t * kinds + span.kind) * 3 + c)];
    };
    double sum = length[static_cast<size_t>(span.last - span.first)];
    for (int t = span.first; t <= span.last; ++t) sum += column(t, 0);
    return sum + column(span.first, 1) + column(span.last, 2);
  }
  double of(const SpanSet& set) const {
    double sum = 0;
    for (const KindSpan& span : set) sum += of(span);
    return sum;
  }
};

/// Normal scores of the given standard deviation.
inline Scores random_scores(int bars, int kinds, int longest, double deviation, uint32_t index) {
  RandomStream stream(7, Purpose::parameter_init, 0, index);
  Scores scores{bars, kinds, longest, {}, {}};
  scores.bar.resize(static_cast<size_t>(bars * kinds * 3));
  scores.length.resize(static_cast<size_t>(longest));
  for (double& value : scores.bar) value = deviation * stream.normal();
  for (double& value : scores.length) value = deviation * stream.normal();
  return scores;
}

/// Calls use(set) for every set of disjoint spans, in order of time, that extends `set` from bar
/// `from` on.
inline void for_each_set(const Scores& scores, int from, SpanSet& set,
                         const std::function<void(const SpanSet&)>& use) {
  use(set);
  for (int first = from; first < scores.bars; ++first) {
    for (int last = first; last < std::min(scores.bars, first + scores.longest); ++last) {
      for (int kind = 0; kind < scores.kinds; ++kind) {
        set.push_back({first, last, kind});
        for_each_set(scores, last + 1, set, use);
        set.pop_back();
      }
    }
  }
}

inline std::vector<SpanSet> all_sets(const Scores& scores) {
  std::vector<SpanSet> sets;
  SpanSet set;
  for_each_set(scores, 0, set, [&](const SpanSet& next) { sets.push_back(next); });
  return sets;
}

inline double log_sum_exp(const std::vector<double>& values) {
  const double largest = *std::max_element(values.begin(), values.end());
  double sum = 0;
  for (const double value : values) sum += std::exp(value - largest);
  return largest + std::log(sum);
}

/// The logarithm of the sum over `sets`.
inline double log_sum(const Scores& scores, const std::vector<SpanSet>& sets) {
  std::vector<double> values;
  for (const SpanSet& set : sets) values.push_back(scores.of(set));
  return log_sum_exp(values);
}

/// Expects `gradient` to be the slope of `loss` in each of `values`, which it reads.
inline void expect_slopes(std::vector<double>& values, const std::vector<double>& gradient,
                          const std::function<double()>& loss, double tolerance = 1e-7) {
  ASSERT_EQ(values.size(), gradient.size());
  for (size_t i = 0; i < values.size(); ++i) {
    constexpr double kStep = 1e-5;
    const double before = values[i];
    values[i] = before + kStep;
    const double above = loss();
    values[i] = before - kStep;
    const double below = loss();
    values[i] = before;
    EXPECT_NEAR(gradient[i], (above - below) / (2 * kStep), tolerance) << i;
  }
}

}  // namespace spanlab::testing
