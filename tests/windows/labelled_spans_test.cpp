// Spans of windows as spans of the series.
#include "spanlab/windows/labelled.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/windows/make.h"

namespace spanlab {
namespace {

constexpr auto kC = SpanType::consolidation, kR = SpanType::retracement;

TEST(LabelledSpans, PartsOfOneExpansionBecomeOneSpan) {
  Bars series = test::walk(200);
  for (size_t i = 0; i < 200; ++i)
    series.close[i] = i < 100 ? static_cast<double>(i) : 200.0 - static_cast<double>(i);
  std::vector<Window> windows = {test::window("a", 100, 20, 24, kR),
                                 test::window("b", 10, 5, 12, kC), test::window("c", 20, 0, 2, kR),
                                 test::window("d", 0, 20, 21, kR)};
  windows[3].spans.push_back({30, 35, kC});
  windows.push_back({.id = "none",
                     .base_id = "none",
                     .offset = 0,
                     .first_row = 50,
                     .visible_fraction = 0.0,
                     .spans = {}});
  // Rows 15..22 (b), of which c shows 20..22 and d 20..21; 30..35 (d's further one); 120..124 (a).
  const std::vector<Span> expected = {{15, 22, Direction::up, kC, 0.0},
                                      {30, 35, Direction::up, kC, 0.0},
                                      {120, 124, Direction::down, kR, 0.0}};
  EXPECT_EQ(labelled_spans(series, windows), expected);
}

TEST(LabelledSpans, WiderThanAnyOfItsPartsAndOfTheLongestPartsType) {
  const Bars series = test::walk(60);
  const std::vector<Span> spans =
      labelled_spans(series, {test::window("a", 0, 10, 12, kR), test::window("b", 0, 12, 18, kC),
                              test::window("c", 0, 19, 20, kR)});
  ASSERT_EQ(spans.size(), 2u);  // a and b share bar 12; c only touches
  EXPECT_EQ(spans[0].start_row, 10);
  EXPECT_EQ(spans[0].end_row, 18);
  EXPECT_EQ(spans[0].type, kC);
  EXPECT_EQ(spans[1].start_row, 19);
}

TEST(LabelledSpans, NoneWithoutLabels) {
  EXPECT_TRUE(labelled_spans(test::walk(60), {}).empty());
}

}  // namespace
}  // namespace spanlab
