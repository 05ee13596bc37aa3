// Chance levels by counting pairs by hand and by drawing.
#include "spanlab/metrics/chance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/random.h"
#include "spanlab/metrics/metrics.h"

namespace spanlab {
namespace {

Window with_spans(std::vector<WindowSpan> spans) {
  return {.id = "w",
          .base_id = "w",
          .offset = 0,
          .first_row = 0,
          .visible_fraction = 0,
          .spans = std::move(spans)};
}

Window with_span(int start, int end) {
  return with_spans({{start, end, SpanType::consolidation}});
}

TEST(ChanceLevels, CountPairs) {
  // Test span 10..19 meets 12..20 (hit), 13..23 (end 4 off), 40..45 (no overlap); 42..43 the last.
  const std::vector<Window> windows{
      with_span(12, 20), with_spans({}), with_span(10, 19),
      with_spans({{13, 23, SpanType::retracement}, {40, 45, SpanType::consolidation}}),
      with_span(42, 43)};
  const ChanceLevels chance =
      chance_levels({windows, std::vector<int>{0, 1, 3}}, {windows, std::vector<int>{2, 4}}, 50);
  EXPECT_DOUBLE_EQ(chance.average_precision, 12.0 / 100);
  EXPECT_DOUBLE_EQ(chance.f1_all_positive, 2 * 0.12 / 1.12);
  EXPECT_DOUBLE_EQ(chance.hit3, 2.0 / 6);
  EXPECT_DOUBLE_EQ(chance.start_error, (2 + 3 + 2) / 3.0);
  EXPECT_DOUBLE_EQ(chance.end_error, (1 + 4 + 2) / 3.0);
}

TEST(ChanceLevels, AreWhatTheMetricsGiveADrawnSpan) {
  RandomStream random(3, Purpose::market);
  std::vector<Window> windows;
  std::vector<int> train, test;
  constexpr int kLength = 40, kTest = 15;
  for (int w = 0; w < 60; ++w) {
    const int start = 10 + static_cast<int>(random.below(15));
    windows.push_back(with_span(start, start + 3 + static_cast<int>(random.below(8))));
    (w < kTest ? test : train).push_back(w);
  }
  ScoredWindows scored{kTest, kLength, {}, {}, {}};
  std::vector<float> mask(kTest * kLength), drawn;
  const auto mark = [&](std::vector<float>& bars, int w, const WindowSpan& span) {
    for (int t = span.start; t <= span.end; ++t) bars[static_cast<size_t>(w * kLength + t)] = 1;
  };
  for (const int w : test) mark(mask, w, windows[static_cast<size_t>(w)].spans[0]);
  const std::vector<int> group(kTest, 0);
  double hit3 = 0;
  constexpr int kDraws = 2000;
  for (int draw = 0; draw < kDraws; ++draw) {
    drawn.assign(mask.size(), 0);
    for (const int w : test) {
      mark(drawn, w, windows[static_cast<size_t>(train[random.below(train.size())])].spans[0]);
    }
    scored = {kTest, kLength, drawn, mask, group};
    hit3 += metric_values(scored, 0.5)[static_cast<size_t>(Metric::hit3)] / kDraws;
  }
  const ChanceLevels chance = chance_levels({windows, train}, {windows, test}, kLength);
  EXPECT_GT(chance.hit3, 0.05);
  EXPECT_NEAR(hit3, chance.hit3, 0.01);  // four standard errors

  scored.probability = mask;  // any order; all bars predicted at threshold 0
  EXPECT_NEAR(metric_values(scored, 0.0)[static_cast<size_t>(Metric::f1)], chance.f1_all_positive,
              1e-12);
}

TEST(ChanceLevels, WithoutSpansAreNotDefined) {
  const std::vector<Window> windows{with_spans({}), with_span(3, 5)};
  const ChanceLevels no_train =
      chance_levels({windows, std::vector<int>{0}}, {windows, std::vector<int>{1}}, 10);
  EXPECT_DOUBLE_EQ(no_train.average_precision, 0.3);
  EXPECT_TRUE(std::isnan(no_train.hit3) && std::isnan(no_train.start_error));
  const ChanceLevels no_test =
      chance_levels({windows, std::vector<int>{1}}, {windows, std::vector<int>{0}}, 10);
  EXPECT_EQ(no_test.average_precision, 0);
  EXPECT_TRUE(std::isnan(no_test.hit3));
  EXPECT_TRUE(std::isnan(chance_levels({windows, {}}, {windows, {}}, 10).average_precision));
}

TEST(ChanceLevels, AWindowThatIsNoneIsAnError) {
  const std::vector<Window> windows{with_span(3, 5)};
  EXPECT_THROW(chance_levels({windows, std::vector<int>{1}}, {windows, {}}, 10), Error);
  EXPECT_THROW(chance_levels({windows, {}}, {windows, std::vector<int>{-1}}, 10), Error);
}

}  // namespace
}  // namespace spanlab
