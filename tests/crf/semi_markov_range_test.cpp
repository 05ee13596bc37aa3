// The semi-Markov field with scores of any size, forbidden ones, and NaN or infinite ones.
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/crf/semi_markov_of.h"

namespace spanlab {
namespace {

using testing::all_sets;
using testing::log_sum;
using testing::loss;
using testing::marginals;
using testing::random_scores;
using testing::Scores;
using testing::SpanSet;

// log Z by the plain recursion on logarithms, spans' scores summed anew.
double log_sum_by_recursion(const Scores& scores) {
  std::vector<double> before{0};
  for (int t = 0; t < scores.bars; ++t) {
    std::vector<double> terms{before.back()};
    for (int first = t; first >= 0 && t - first < scores.longest; --first) {
      for (int kind = 0; kind < scores.kinds; ++kind) {
        terms.push_back(before[static_cast<size_t>(first)] + scores.of(KindSpan{first, t, kind}));
      }
    }
    before.push_back(testing::log_sum_exp(terms));
  }
  return before.back();
}

TEST(SemiMarkov, ScoresOfAnySize) {
  for (const double deviation : {0.1, 3.0, 10.0, 15.0, 20.0, 100.0, 1e4}) {
    for (const double shift : {-500.0, 0.0, 500.0}) {
      SCOPED_TRACE(::testing::Message() << deviation << " around " << shift);
      Scores scores = random_scores(105, 2, 16, deviation, 1);
      for (double& score : scores.bar) score += shift * (deviation > 15);
      const double expected = log_sum_by_recursion(scores);
      double log_z = 0;
      const std::vector<double> inside = marginals(scores, &log_z);
      EXPECT_NEAR(log_z, expected, 1e-12 * (10 + std::abs(expected)));
      for (size_t i = 0; i < inside.size(); i += 2) {
        EXPECT_GE(inside[i], 0);
        EXPECT_LE(inside[i] + inside[i + 1], 1 + 1e-9);
      }
    }
  }
}

void expect_right(const Scores& scores) {
  double log_z = 0;
  const std::vector<double> inside = marginals(scores, &log_z);
  const double expected = log_sum_by_recursion(scores);
  EXPECT_NEAR(log_z, expected, 1e-12 * (10 + std::abs(expected)));
  for (const double p : inside) EXPECT_TRUE(p >= 0 && p <= 1);
}

TEST(SemiMarkov, LongSpansPassTheRangeOfExponentials) {
  // Of at most 70 bars: up 2100 and down again, down and up, and where only long spans are worth
  // it.
  for (const double start : {-40.0, 0.0, 40.0}) {
    for (const double slope : {-30.0, 30.0}) {
      Scores scores = random_scores(140, 2, 70, 0.5, 19);
      for (size_t t = 0; t < 140; ++t) {
        scores.bar[6 * t] += slope * (t / 35 % 2 == 0 ? 1 : -1);
        scores.bar[6 * t + 1] += start;
        scores.bar[6 * t + 4] += start;
      }
      expect_right(scores);
      for (size_t d = 0; d < 50; ++d) scores.length[d] -= 60;
      expect_right(scores);
    }
  }
}

TEST(SemiMarkov, OneSortOfScoreAlonePassesTheRangeOfExponentials) {
  for (const double sign : {-1.0, 1.0}) {
    for (const size_t column : {0u, 1u, 2u}) {
      Scores scores = random_scores(40, 1, 16, 0.5, 15);
      for (size_t i = column; i < scores.bar.size(); i += 3) {
        scores.bar[i] += sign * 750;
      }
      expect_right(scores);
    }
    Scores scores = random_scores(40, 1, 16, 0.5, 16);
    for (double& score : scores.length) score += sign * 750;
    expect_right(scores);
    // Half in the start, half in the end.
    scores = random_scores(40, 1, 16, 0.5, 17);
    for (size_t i = 0; i < scores.bar.size(); ++i) scores.bar[i] += sign * 400 * (i % 3 > 0);
    expect_right(scores);
  }
}

TEST(SemiMarkov, BothWaysOfSummingAgree) {
  // A score that is far too low for any span to use it sends the sums to the logarithms.
  for (const double deviation : {0.5, 4.0, 8.0}) {
    Scores scores = random_scores(60, 2, 9, deviation, 11);
    for (size_t c = 0; c < 3; ++c) scores.bar[c] = -30;
    double plain = 0, in_logs = 0;
    const std::vector<double> a = marginals(scores, &plain);
    for (size_t c = 0; c < 3; ++c) scores.bar[c] = -3000;
    const std::vector<double> b = marginals(scores, &in_logs);
    EXPECT_NEAR(plain, in_logs, 1e-12 * plain);
    for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-12) << i;
  }
}

TEST(SemiMarkov, MinusInfinityForbids) {
  constexpr double kForbidden = -std::numeric_limits<double>::infinity();
  Scores scores = random_scores(6, 1, 3, 1, 12);
  scores.length[0] = kForbidden;
  scores.bar[3 * 4] = kForbidden;  // no span over bar 4, so none over 5 either
  double log_z = 0;
  const std::vector<double> inside = marginals(scores, &log_z);
  std::vector<SpanSet> allowed;
  for (const SpanSet& set : all_sets(scores)) {
    if (std::isfinite(scores.of(set))) allowed.push_back(set);
  }
  EXPECT_NEAR(log_z, log_sum(scores, allowed), 1e-12);
  EXPECT_EQ(inside[4], 0);
  EXPECT_NEAR(inside[5], 0, 1e-15);
  EXPECT_GT(inside[1], 0.01);
}

TEST(SemiMarkov, NotANumberShows) {
  for (const double deviation : {1.0, 300.0}) {
    Scores scores = random_scores(8, 1, 3, deviation, 13);
    scores.bar[9] = std::nan("");
    double log_z = 0;
    marginals(scores, &log_z);
    EXPECT_TRUE(std::isnan(log_z));
    EXPECT_TRUE(std::isnan(loss(scores, {}).value));
  }
}

TEST(SemiMarkov, FloatsAreStorageOnly) {
  const Scores scores = random_scores(105, 2, 16, 1, 14);
  const std::vector<float> bar(scores.bar.begin(), scores.bar.end());
  const std::vector<float> length(scores.length.begin(), scores.length.end());
  Scores rounded = scores;
  rounded.bar.assign(bar.begin(), bar.end());
  rounded.length.assign(length.begin(), length.end());
  SemiMarkov<float> model(105, 2, 16);
  std::vector<float> inside(210);
  double log_z = 0;
  const std::vector<double> expected = marginals(rounded, &log_z);
  EXPECT_EQ(model.marginals(bar.data(), length.data(), inside.data()), log_z);
  for (size_t i = 0; i < 210; ++i) EXPECT_EQ(inside[i], static_cast<float>(expected[i]));
}

}  // namespace
}  // namespace spanlab
