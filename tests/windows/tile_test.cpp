// Windows at equal steps.
#include "spanlab/windows/cut.h"

#include <gtest/gtest.h>

#include <vector>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/windows/check.h"
#include "tests/expect_error.h"
#include "tests/real_data.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::walk;

Span span(int64_t start, int64_t end, SpanType type = SpanType::consolidation) {
  return {start, end, Direction::up, type, 5.0};
}

TileSettings at(int64_t first_row, int length) {
  return {.first_row = first_row, .length = length};
}

std::vector<int64_t> first_rows(const std::vector<Window>& windows) {
  std::vector<int64_t> rows;
  for (const Window& window : windows) rows.push_back(window.first_row);
  return rows;
}

TEST(TileWindows, StandSideBySideAndLeaveTheRestOut) {
  const std::vector<Window> windows = tile_windows(walk(49), {}, at(7, 10));
  EXPECT_EQ(first_rows(windows), (std::vector<int64_t>{7, 17, 27, 37}));
  EXPECT_EQ(windows[3].id, "3");
  EXPECT_EQ(windows[3].base_id, "3");
  EXPECT_TRUE(windows[3].spans.empty());
  EXPECT_EQ(first_rows(tile_windows(walk(47), {}, at(7, 10))).size(), 4u);
  EXPECT_EQ(first_rows(tile_windows(walk(46), {}, at(7, 10))).size(), 3u);
}

TEST(TileWindows, BeginAnewBehindAGap) {
  Bars series = walk(60);
  test::open_gap(series, 25);
  test::open_gap(series, 30);
  test::open_gap(series, 40);
  // 0, 10 | 20..24 too short | 25..29 too short | 30 ends at the gap | 40, 50
  const std::vector<Window> windows = tile_windows(series, {}, at(0, 10));
  EXPECT_EQ(first_rows(windows), (std::vector<int64_t>{0, 10, 30, 40, 50}));
  EXPECT_NO_THROW(check_windows(series, windows, 10));
  // A gap before the first row is none of theirs.
  EXPECT_EQ(first_rows(tile_windows(series, {}, at(40, 10))), (std::vector<int64_t>{40, 50}));
}

TEST(TileWindows, HoldAllSpansAndShareThoseThatAnEdgeCuts) {
  const std::vector<Window> windows = tile_windows(
      walk(40), {span(2, 4), span(7, 11, SpanType::retracement), span(15, 15), span(18, 32)},
      at(0, 10));
  using Spans = std::vector<WindowSpan>;
  const auto c = SpanType::consolidation, r = SpanType::retracement;
  ASSERT_EQ(windows.size(), 4u);
  EXPECT_EQ(windows[0].spans, (Spans{{2, 4, c}, {7, 9, r}}));
  EXPECT_EQ(windows[1].spans, (Spans{{0, 1, r}, {5, 5, c}, {8, 9, c}}));
  EXPECT_EQ(windows[2].spans, (Spans{{0, 9, c}}));
  EXPECT_EQ(windows[3].spans, (Spans{{0, 2, c}}));
  EXPECT_DOUBLE_EQ(windows[0].visible_fraction, 1.0);
  EXPECT_DOUBLE_EQ(windows[1].visible_fraction, 2.0 / 5.0);
  EXPECT_DOUBLE_EQ(windows[2].visible_fraction, 10.0 / 15.0);
}

TEST(TileWindows, OverlapWithASmallStep) {
  Bars series = walk(60);
  test::open_gap(series, 25);
  test::open_gap(series, 40);
  TileSettings settings = at(2, 10);
  settings.step = 4;
  // 14 ends at the gap, 18 would cross it; 29 ends at the next one with row 38, 33 would cross it.
  EXPECT_EQ(first_rows(tile_windows(series, {}, settings)),
            (std::vector<int64_t>{2, 6, 10, 14, 25, 29, 40, 44, 48}));
  settings.step = 1;
  EXPECT_EQ(first_rows(tile_windows(series, {}, settings)).size(), 14u + 6u + 11u);
}

TEST(TileWindows, LeaveBarsOutWithALargeStep) {
  Bars series = walk(60);
  test::open_gap(series, 25);
  TileSettings settings = at(0, 10);
  settings.step = 20;  // 20 would cross the gap, so the next window begins behind it
  EXPECT_EQ(first_rows(tile_windows(series, {}, settings)), (std::vector<int64_t>{0, 25, 45}));
}

TEST(TileWindows, EndBeforeTheLimit) {
  const Bars series = walk(60);
  TileSettings settings = at(0, 10);
  settings.step = 5;
  settings.rows_before = 25;
  EXPECT_EQ(first_rows(tile_windows(series, {}, settings)), (std::vector<int64_t>{0, 5, 10, 15}));
  settings.rows_before = 24;
  EXPECT_EQ(first_rows(tile_windows(series, {}, settings)), (std::vector<int64_t>{0, 5, 10}));
  settings.rows_before = 60;  // all bars
  EXPECT_EQ(tile_windows(series, {}, settings).back().first_row, 50);
  settings.rows_before = 61;
  expect_error([&] { tile_windows(series, {}, settings); },
               {"tile.rows_before: there is no row 61, the bars have 60 rows", "at most 60"});
  settings.rows_before = 9;
  expect_error([&] { tile_windows(series, {}, settings); }, {"fits into rows 0 to 8"});
}

TEST(TileWindows, AreComplete) {
  for (const Window& window : tile_windows(walk(40), {span(2, 4)}, at(0, 10))) {
    EXPECT_TRUE(window.complete) << window.id;
  }
}

TEST(TileWindows, ErrorsNameWhatIsWrong) {
  const Bars series = walk(40);
  expect_error([&] { tile_windows(series, {}, at(0, 0)); }, {"at least one bar"});
  expect_error([&] { tile_windows(series, {}, {.first_row = 0, .length = 10, .step = 0}); },
               {"step of 0 bars"});
  expect_error([&] { tile_windows(series, {}, {.first_row = 5, .length = 10, .rows_before = 5}); },
               {"from 5 on", "before row 5"});
  expect_error([&] { tile_windows(series, {}, at(40, 10)); },
               {"tile.first_row: row 40 is outside"});
  expect_error([&] { tile_windows(series, {}, at(-1, 10)); },
               {"tile.first_row: row -1 is outside"});
  expect_error([&] { tile_windows(series, {}, at(31, 10)); }, {"fits into rows 31 to 39"});
  expect_error([&] { tile_windows(series, {span(35, 40)}, at(0, 10)); }, {"40"});
}

TEST(TileWindows, HeldOutBarsOfTheReference) {
  const Bars series = read_bars(test::kBars);
  const std::vector<Window> windows = tile_windows(series, {}, at(27364, kWindowLength));
  EXPECT_EQ(windows.size(), 110u);
  EXPECT_NO_THROW(check_windows(series, windows, kWindowLength));
}

}  // namespace
}  // namespace spanlab
