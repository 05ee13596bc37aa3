// Windows and spans that do not fit their series.
#include "spanlab/windows/check.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "spanlab/base/error.h"
#include "tests/expect_error.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::open_gap;
using test::walk;
using test::window;

std::string refusal(const Bars& series, const std::vector<Window>& windows, int length = 105) {
  try {
    check_windows(series, windows, length);
  } catch (const Error& e) {
    EXPECT_FALSE(e.hint().empty());
    return e.what();
  }
  return "fits";
}

TEST(CheckWindows, WindowsMayTouchBothEnds) {
  EXPECT_EQ(refusal(walk(300), {window("a", 0), window("b", 195)}), "fits");
  EXPECT_EQ(refusal(walk(105), {window("a", 0)}), "fits");
}

TEST(CheckWindows, SeriesShorterThanAWindow) {
  EXPECT_EQ(refusal(walk(104), {window("a", 0)}),
            "the series has 104 bars, fewer than the 105 of a window");
  EXPECT_NE(refusal(Bars{}, {}), "fits");
}

TEST(CheckWindows, WindowOutsideTheSeries) {
  EXPECT_EQ(refusal(walk(300), {window("a", 0), window("b", 196)}),
            "window \"b\" needs 105 bars from row 196, but the series has rows 0 to 299");
  EXPECT_NE(refusal(walk(300), {window("b", -1)}), "fits");
  EXPECT_NE(refusal(walk(300), {window("b", INT64_MAX)}), "fits");
  EXPECT_NE(refusal(walk(300), {window("b", INT64_MIN)}), "fits");
}

TEST(CheckWindows, WindowAcrossAGapNamesTheTimes) {
  Bars series = walk(300);
  open_gap(series, 150);
  EXPECT_EQ(refusal(series, {window("a", 45), window("b", 150)}), "fits");
  EXPECT_EQ(refusal(series, {window("a", 46)}),
            "window \"a\" (rows 46 to 150) crosses a gap from 1970-01-01 02:29:00 (row 149) to "
            "1970-01-01 03:30:00 (row 150)");
  EXPECT_NE(refusal(series, {window("a", 149)}), "fits");
}

TEST(CheckWindows, TimeThatStandsStillOrGoesBackIsAGapToo) {
  Bars series = walk(300);
  series.time_ms[150] = series.time_ms[149];
  EXPECT_NE(refusal(series, {window("a", 100)}), "fits");
}

TEST(CheckSpans, OnlyRowsOfTheSeries) {
  const auto span = [](int64_t start, int64_t end) {
    return Span{start, end, Direction::up, SpanType::consolidation, 5.0};
  };
  EXPECT_NO_THROW(check_spans(walk(300), {}));
  EXPECT_NO_THROW(check_spans(walk(300), {span(0, 4), span(295, 299)}));
  expect_error(
      [&] {
        check_spans(walk(300), {span(0, 4), span(296, 300)});
      },
      {"the span of rows 296 to 300 lies outside the series of 300 bars", "this file"});
  expect_error([&] { check_spans(walk(300), {span(5000, 5010)}); }, {"5000 to 5010"});
  expect_error([&] { check_spans(walk(300), {span(5000, 5010)}, "spans.csv"); },
               {"spans.csv: the span of rows 5000"});
  expect_error([&] { check_spans(walk(300), {span(-1, 3)}); }, {"-1 to 3"});
  expect_error([&] { check_spans(walk(1), {span(0, 1)}); }, {"the series of 1 bar"});
}

}  // namespace
}  // namespace spanlab
