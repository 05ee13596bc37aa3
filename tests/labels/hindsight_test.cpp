// The hindsight labeller: golden spans of real bars, and the rule on made-up ones.
#include "spanlab/labels/hindsight.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/error.h"
#include "spanlab/base/random.h"
#include "spanlab/market/simulate.h"
#include "tests/real_data.h"

namespace spanlab {
namespace {

// Bars of one minute with these closes; the labeller reads no other price.
Bars series_of(const std::vector<double>& close) {
  Bars series;
  for (size_t i = 0; i < close.size(); ++i) {
    series.time_ms.push_back(static_cast<int64_t>(i) * 60000);
    for (auto* prices : {&series.open, &series.high, &series.low, &series.close}) {
      prices->push_back(close[i]);
    }
  }
  series.bar_ms = 60000;
  return series;
}

// Closes of a market that goes one up, one down; `moves` are added from row `row` on.
std::vector<double> choppy(int bars, int row = 0, const std::vector<double>& moves = {}) {
  std::vector<double> close;
  double price = 1000.0;
  for (int i = 0; i < bars; ++i) {
    const bool moving = i >= row && i < row + static_cast<int>(moves.size());
    price += moving ? moves[static_cast<size_t>(i - row)] : i % 2 == 0 ? 1.0 : -1.0;
    close.push_back(price);
  }
  return close;
}

std::vector<Span> spans_of(const std::vector<double>& close) {
  return hindsight_spans(series_of(close));
}

TEST(Hindsight, EqualsTheReferenceSpans) {
  const std::vector<Span> expected = read_spans(test::kSpans);
  const std::vector<Span> spans = hindsight_spans(read_bars(test::kBars));
  ASSERT_EQ(spans.size(), expected.size());
  EXPECT_EQ(spans.size(), 412u);
  for (size_t i = 0; i < spans.size(); ++i) {
    EXPECT_EQ(spans[i].start_row, expected[i].start_row) << i;
    EXPECT_EQ(spans[i].end_row, expected[i].end_row) << i;
    EXPECT_EQ(spans[i].direction, expected[i].direction) << i;
    EXPECT_EQ(spans[i].type, expected[i].type) << i;
    EXPECT_NEAR(spans[i].score, expected[i].score, 0.5001e-4) << i;
  }
}

TEST(Hindsight, FindsOneMoveWithItsScoreAndDirection) {
  for (const double sign : {1.0, -1.0}) {
    const std::vector<double> close = choppy(400, 200, std::vector<double>(5, 6.0 * sign));
    const std::vector<Span> spans = spans_of(close);
    ASSERT_EQ(spans.size(), 1u);
    EXPECT_EQ(spans[0].direction, sign > 0 ? Direction::up : Direction::down);
    // The bars next to the move go down by 1, more than the cost: a fall takes them in.
    EXPECT_EQ(spans[0].start_row, sign > 0 ? 200 : 199);
    EXPECT_EQ(spans[0].end_row, sign > 0 ? 204 : 205);
    EXPECT_EQ(spans[0].type, SpanType::consolidation);
  }
}

TEST(Hindsight, ScoreIsTheSumOfScaledMovesLessTheCost) {
  // Flat but for the move: within 60 rows of it the scale is 5 * 6 / 121 everywhere.
  std::vector<double> close(400, 1000.0);
  for (int i = 200; i < 400; ++i) close[static_cast<size_t>(i)] += 6.0 * std::min(i - 199, 5);
  HindsightRule rule;
  rule.cost = 2.0;
  const std::vector<Span> spans = hindsight_spans(series_of(close), rule);
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].start_row, 200);
  EXPECT_EQ(spans[0].end_row, 204);
  EXPECT_NEAR(spans[0].score, 5 * (6.0 / (30.0 / 121) - 2.0), 1e-9);
}

TEST(Hindsight, KeepsOnlyAllowedLengths) {
  std::vector<double> close(400, 1000.0);
  for (int i = 200; i < 400; ++i) close[static_cast<size_t>(i)] += 6.0 * std::min(i - 199, 5);
  HindsightRule rule;
  rule.min_bars = rule.max_bars = 5;
  EXPECT_EQ(hindsight_spans(series_of(close), rule).size(), 1u);
  rule.min_bars = rule.max_bars = 6;
  EXPECT_TRUE(hindsight_spans(series_of(close), rule).empty());
  rule.min_bars = rule.max_bars = 4;
  EXPECT_TRUE(hindsight_spans(series_of(close), rule).empty());
}

TEST(Hindsight, TypeIsRetracementAfterAMoveTheOtherWay) {
  // 20 bars slowly down by 0.8 each, then 5 up by 6.
  std::vector<double> moves(20, -0.8);
  moves.insert(moves.end(), 5, 6.0);
  const std::vector<Span> spans = spans_of(choppy(400, 180, moves));
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].start_row, 200);
  EXPECT_EQ(spans[0].direction, Direction::up);
  EXPECT_EQ(spans[0].type, SpanType::retracement);
}

TEST(Hindsight, WithoutEnoughBarsBeforeItIsAConsolidation) {
  std::vector<double> moves(20, -0.8);
  moves.insert(moves.end(), 5, 6.0);
  std::vector<double> close = choppy(400, 180, moves);
  // Row 180 becomes row 0: the span begins at row 20, one bar short of a lead.
  close.erase(close.begin(), close.begin() + 180);
  std::vector<Span> spans = spans_of(close);
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].start_row, 20);
  EXPECT_EQ(spans[0].type, SpanType::consolidation);
  close.insert(close.begin(), close.front() + 0.8);
  spans = spans_of(close);
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].start_row, 21);
  EXPECT_EQ(spans[0].type, SpanType::retracement);
}

TEST(Hindsight, SpansAreSortedDisjointAndWithinTheRule) {
  RandomStream random(3, Purpose::market);
  std::vector<double> close{1000.0};
  for (int i = 1; i < 20000; ++i) close.push_back(close.back() + random.normal());
  const std::vector<Span> spans = spans_of(close);
  ASSERT_GT(spans.size(), 50u);
  for (size_t i = 0; i < spans.size(); ++i) {
    const int64_t bars = spans[i].end_row - spans[i].start_row + 1;
    EXPECT_GE(bars, 3);
    EXPECT_LE(bars, 15);
    EXPECT_GE(spans[i].score, 5.0);
    if (i > 0) {
      EXPECT_GT(spans[i].start_row, spans[i - 1].end_row);
    }
  }
}

TEST(Hindsight, MirroredMarketHasTheMirroredSpans) {
  RandomStream random(4, Purpose::market);
  std::vector<double> close{1000.0}, mirrored{1000.0};
  for (int i = 1; i < 5000; ++i) {
    const double move = static_cast<double>(random.below(9)) - 4.0;  // exact sums
    close.push_back(close.back() + move);
    mirrored.push_back(mirrored.back() - move);
  }
  const std::vector<Span> a = spans_of(close);
  const std::vector<Span> b = spans_of(mirrored);
  ASSERT_EQ(a.size(), b.size());
  ASSERT_GT(a.size(), 10u);
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].start_row, b[i].start_row);
    EXPECT_EQ(a[i].end_row, b[i].end_row);
    EXPECT_NE(a[i].direction, b[i].direction);
    EXPECT_EQ(a[i].type, b[i].type);
  }
}

TEST(Hindsight, StretchesBetweenGapsAreLabelledOnTheirOwn) {
  RandomStream random(5, Purpose::market);
  std::vector<double> close{1000.0};
  for (int i = 1; i < 3000; ++i) close.push_back(close.back() + random.normal());
  Bars series = series_of(close);
  const int64_t cuts[] = {0, 700, 740, 2000, 3000};  // 700..739 is shorter than a scale
  for (const int64_t cut : {cuts[1], cuts[2], cuts[3]}) {
    for (int64_t i = cut; i < 3000; ++i) series.time_ms[static_cast<size_t>(i)] += 3600000;
  }
  std::vector<Span> expected;
  for (int k = 0; k < 4; ++k) {
    const std::vector<double> part(close.begin() + cuts[k], close.begin() + cuts[k + 1]);
    for (Span span : spans_of(part)) {
      span.start_row += cuts[k];
      span.end_row += cuts[k];
      expected.push_back(span);
    }
  }
  const std::vector<Span> spans = hindsight_spans(series);
  EXPECT_EQ(spans, expected);
  EXPECT_NE(spans, spans_of(close));
}

TEST(Hindsight, MoveAcrossAGapIsNoExpansion) {
  // All of the rise lies in the jump over the gap.
  std::vector<double> close = choppy(200);
  for (size_t i = 100; i < 200; ++i) close[i] += 500.0;
  Bars series = series_of(close);
  for (size_t i = 100; i < 200; ++i) series.time_ms[i] += 3600000;
  EXPECT_TRUE(hindsight_spans(series).empty());
}

TEST(Hindsight, NoBarsFewBarsOrAFlatMarketHaveNoSpans) {
  EXPECT_TRUE(hindsight_spans(Bars{}).empty());
  EXPECT_TRUE(spans_of({1000.0}).empty());
  EXPECT_TRUE(spans_of(std::vector<double>(500, 1000.0)).empty());
  // A move in 59 bars has no scale; in 60 it has.
  const std::vector<double> moves(4, 9.0);
  EXPECT_TRUE(spans_of(choppy(59, 30, moves)).empty());
  EXPECT_EQ(spans_of(choppy(60, 30, moves)).size(), 1u);
}

TEST(Hindsight, ImpossibleRulesAreErrors) {
  const Bars series = series_of(choppy(100));
  const auto expect_error = [&](auto change) {
    HindsightRule rule;
    change(rule);
    EXPECT_THROW(hindsight_spans(series, rule), Error);
  };
  expect_error([](HindsightRule& r) { r.scale_bars = 0; });
  expect_error([](HindsightRule& r) { r.min_bars = 0; });
  expect_error([](HindsightRule& r) { r.min_bars = 16; });
  expect_error([](HindsightRule& r) { r.lead_bars = 0; });
  expect_error([](HindsightRule& r) { r.cost = -0.1; });
  expect_error([](HindsightRule& r) { r.cost = NAN; });
  expect_error([](HindsightRule& r) { r.min_score = INFINITY; });
  expect_error([](HindsightRule& r) { r.retracement = -1; });
  HindsightRule rule;
  rule.min_score = -2.5;
  try {
    hindsight_spans(series, rule);
    ADD_FAILURE() << "no error";
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "hindsight.min_score is -2.5");
  }
}

TEST(HindsightSpans, TypeByLeadIsTheTypeOfTheRule) {
  Bars series = simulate_market(3000, 4).bars;
  for (size_t i = 1500; i < 3000; ++i) series.time_ms[i] += 3600'000;  // a gap
  const std::vector<Span> spans = hindsight_spans(series);
  int retracements = 0;
  for (const Span& span : spans) {
    EXPECT_EQ(type_by_lead(series, span.start_row, span.direction), span.type) << span.start_row;
    retracements += span.type == SpanType::retracement;
  }
  EXPECT_GT(retracements, 5);
  EXPECT_LT(retracements, static_cast<int>(spans.size()) - 5);
  // Behind the gap there is no lead yet.
  EXPECT_EQ(type_by_lead(series, 1510, Direction::up), SpanType::consolidation);
  EXPECT_EQ(type_by_lead(series, 1510, Direction::down), SpanType::consolidation);
}

}  // namespace
}  // namespace spanlab
