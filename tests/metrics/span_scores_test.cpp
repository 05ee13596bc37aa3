// Scores of windows whose counts are known.
#include "spanlab/metrics/span_scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace spanlab {
namespace {

TEST(SpanScores, OneWindowByHand) {
  // 3 labelled bars, 2 of them hit, 1 false alarm... and one bar exactly at the threshold.
  const std::vector<float> mask{0, 1, 1, 1, 0, 0};
  const std::vector<float> probability{0.9f, 0.8f, 0.6f, 0.5f, 0.1f, 0.0f};
  const SpanScores s = span_scores(probability.data(), mask.data(), 1, 6, 0.5);
  EXPECT_NEAR(s.precision, 2.0 / 3, 1e-9);
  EXPECT_NEAR(s.recall, 2.0 / 3, 1e-9);
  EXPECT_NEAR(s.f1, 2.0 / 3, 1e-9);
  // At a lower threshold the bar counts: 3 hits, 1 false alarm.
  const SpanScores low = span_scores(probability.data(), mask.data(), 1, 6, 0.4);
  EXPECT_NEAR(low.precision, 0.75, 1e-9);
  EXPECT_NEAR(low.recall, 1, 1e-9);
  EXPECT_NEAR(low.f1, 1.5 / 1.75, 1e-9);
}

TEST(SpanScores, TinyTermIsThatOfTheFormula) {
  const float mask = 1, probability = 1;
  const SpanScores s = span_scores(&probability, &mask, 1, 1, 0.5);
  const double p = 1 / (1 + 1e-10);
  EXPECT_DOUBLE_EQ(s.precision, p);
  EXPECT_DOUBLE_EQ(s.f1, 2 * p * p / (2 * p + 1e-10));
  EXPECT_LT(s.precision, 1);
}

TEST(SpanScores, MeanOverWindowsNotOverBars) {
  // Window 0 perfect with 1 bar, window 1 missed with 3 bars: pooled recall would be 1/4.
  const std::vector<float> mask{1, 0, 0, 0, 1, 1, 1, 0};
  const std::vector<float> probability{1, 0, 0, 0, 0, 0, 0, 0};
  const SpanScores s = span_scores(probability.data(), mask.data(), 2, 4, 0.5);
  EXPECT_NEAR(s.recall, 0.5, 1e-9);
  EXPECT_NEAR(s.precision, 0.5, 1e-9);
  EXPECT_NEAR(s.f1, 0.5, 1e-9);
}

TEST(SpanScores, AllPositiveGivesTwoPiOverOnePlusPi) {
  const int length = 100, inside = 7;
  std::vector<float> mask(length, 0.0f), probability(length, 0.9f);
  for (int t = 40; t < 40 + inside; ++t) mask[static_cast<size_t>(t)] = 1;
  const double pi = double{inside} / length;
  const SpanScores s = span_scores(probability.data(), mask.data(), 1, length, 0.5);
  EXPECT_NEAR(s.f1, 2 * pi / (1 + pi), 1e-9);
}

TEST(SpanScores, WindowsWithoutSpanCountAsZero) {
  const std::vector<float> mask{0, 0, 1, 1};
  const std::vector<float> probability{0, 0, 1, 1};
  const SpanScores s = span_scores(probability.data(), mask.data(), 2, 2, 0.5);
  EXPECT_NEAR(s.f1, 0.5, 1e-9);
}

TEST(SpanScores, NothingPredictedIsZeroAndNoWindowIsNan) {
  const std::vector<float> mask{1, 1}, probability{0, 0};
  const SpanScores none = span_scores(probability.data(), mask.data(), 1, 2, 0.5);
  EXPECT_EQ(none.precision, 0);
  EXPECT_EQ(none.recall, 0);
  EXPECT_EQ(none.f1, 0);
  EXPECT_TRUE(std::isnan(span_scores(nullptr, nullptr, 0, 105, 0.5).f1));
}

}  // namespace
}  // namespace spanlab
