// Windows and the spans of a spans file.
#include "spanlab/windows/labelled.h"

#include <gtest/gtest.h>

#include <vector>

#include "spanlab/windows/window.h"
#include "tests/real_data.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::window;

Span span(int64_t start, int64_t end, SpanType type = SpanType::consolidation) {
  return {start, end, Direction::up, type, 5.0};
}

std::vector<WindowSpan> joined(Window w, const std::vector<Span>& spans, int length = 105) {
  std::vector<Window> windows{std::move(w)};
  join_spans(windows, spans, length);
  return windows.front().spans;
}

TEST(JoinSpans, AddsWhatShowsAndClipsIt) {
  const WindowSpan label{10, 14, SpanType::consolidation};
  EXPECT_EQ(joined(window("a", 100), {span(90, 99), span(130, 140), span(205, 210)}),
            (std::vector<WindowSpan>{label, {30, 40, SpanType::consolidation}}));
  EXPECT_EQ(joined(window("a", 100), {span(95, 102), span(200, 210, SpanType::retracement)}),
            (std::vector<WindowSpan>{
                label, {0, 2, SpanType::consolidation}, {100, 104, SpanType::retracement}}));
  EXPECT_EQ(joined(window("a", 100), {span(0, 1000)}), (std::vector<WindowSpan>{label}));
}

TEST(JoinSpans, SpanOnTheLabelledOneIsTheSameExpansion) {
  const WindowSpan label{10, 14, SpanType::consolidation};
  for (const Span& same : {span(110, 114), span(108, 110), span(114, 118), span(111, 112)}) {
    EXPECT_EQ(joined(window("a", 100), {same}), (std::vector<WindowSpan>{label}));
  }
  EXPECT_EQ(joined(window("a", 100), {span(105, 109), span(115, 118)}).size(), 3u);
}

TEST(JoinSpans, AddsNoneThatTheWindowNamesItself) {
  std::vector<Window> windows{window("a", 100)};  // labels bars 10 to 14
  windows[0].spans.push_back({30, 34, SpanType::retracement});
  const std::vector<WindowSpan> own = windows[0].spans;
  join_spans(windows, {span(110, 114), span(128, 131), span(150, 152)}, 105);
  ASSERT_EQ(windows[0].spans.size(), 3u);
  EXPECT_EQ(windows[0].spans[1], own[1]);
  EXPECT_EQ(windows[0].spans[2].start, 50);
}

TEST(JoinSpans, WindowWithoutLabelTakesTheFirst) {
  std::vector<Window> windows{window("a", 100)};
  windows[0].spans.clear();
  windows[0].visible_fraction = 0.0;
  join_spans(windows, {span(96, 103, SpanType::retracement), span(150, 159)}, 105);
  EXPECT_EQ(windows[0].spans, (std::vector<WindowSpan>{{0, 3, SpanType::retracement},
                                                       {50, 59, SpanType::consolidation}}));
  EXPECT_DOUBLE_EQ(windows[0].visible_fraction, 0.5);
}

TEST(JoinSpans, AllWindowsAreCompleteAfterwards) {
  std::vector<Window> windows{window("a", 100), window("b", 300), window("c", 500)};
  windows[2].spans.clear();
  for (const Window& w : windows) EXPECT_FALSE(w.complete);
  join_spans(windows, {span(130, 140)}, 105);
  for (const Window& w : windows) EXPECT_TRUE(w.complete) << w.id;
}

TEST(JoinSpans, WindowWithoutAnySpanStaysEmpty) {
  Window w = window("a", 100);
  w.spans.clear();
  EXPECT_TRUE(joined(w, {}).empty());
  EXPECT_TRUE(joined(w, {span(0, 99), span(205, 300)}).empty());
}

TEST(JoinSpans, ReferenceWindowsHoldAsManyMoreAsTheyShould) {
  std::vector<Window> windows = read_windows(test::kWindows);
  const std::vector<Window> labelled = windows;
  join_spans(windows, read_spans(test::kSpans), kWindowLength);
  int bars = 0, labelled_bars = 0;
  for (size_t i = 0; i < windows.size(); ++i) {
    EXPECT_EQ(windows[i].spans.front(), labelled[i].spans.front());
    labelled_bars += labelled[i].spans.front().end - labelled[i].spans.front().start + 1;
    for (const WindowSpan& s : windows[i].spans) bars += s.end - s.start + 1;
  }
  EXPECT_EQ(labelled_bars, 1352);  // 6.1 % of the bars
  EXPECT_EQ(bars, 2502);           // 11.3 %; the bars of both files that coincide, counted apart
}

}  // namespace
}  // namespace spanlab
