// Cut windows: what they must hold, what they must avoid, and what cannot be cut.
#include "spanlab/windows/cut.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/error.h"
#include "spanlab/windows/check.h"
#include "tests/expect_error.h"
#include "tests/real_data.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::open_gap;
using test::walk;

// A span of 4 to 12 bars every 97 rows.
std::vector<Span> spans_in(int64_t rows) {
  std::vector<Span> spans;
  for (int64_t row = 20; row + 12 < rows; row += 97) {
    const auto k = static_cast<int64_t>(spans.size());
    spans.push_back({row, row + 3 + k % 9, Direction::up,
                     k % 2 == 0 ? SpanType::consolidation : SpanType::retracement, 5.0});
  }
  return spans;
}

CutSettings settings(int count, int overlaps, uint64_t seed = 42) {
  CutSettings s;
  s.count = count;
  s.overlaps = overlaps;
  s.seed = seed;
  return s;
}

// The span that a window's label is a part of, or nullptr.
const Span* span_of(const Window& w, const std::vector<Span>& spans, int length) {
  for (const Span& span : spans) {
    const int64_t first = std::max(span.start_row, w.first_row);
    const int64_t last = std::min(span.end_row, w.first_row + length - 1);
    if (first - w.first_row == w.spans.front().start && last - w.first_row == w.spans.front().end) {
      return &span;
    }
  }
  return nullptr;
}

std::string refusal(const Bars& series, const std::vector<Span>& spans, const CutSettings& s) {
  try {
    cut_windows(series, spans, s);
  } catch (const Error& e) {
    EXPECT_FALSE(e.hint().empty());
    return e.what();
  }
  return "cut";
}

TEST(CutWindows, LabelsAreTheSpansThatTheWindowsShow) {
  const Bars series = walk(20000);
  const std::vector<Span> spans = spans_in(20000);
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const std::vector<Window> windows = cut_windows(series, spans, settings(150, 1000, seed));
    EXPECT_NO_THROW(check_windows(series, windows, kWindowLength));
    std::set<std::string> ids;
    for (const Window& w : windows) {
      EXPECT_TRUE(ids.insert(w.id).second) << w.id;
      ASSERT_EQ(w.spans.size(), 1u);
      const Span* span = span_of(w, spans, kWindowLength);
      ASSERT_NE(span, nullptr) << w.id;
      EXPECT_EQ(w.spans.front().type, span->type);
      const double bars = static_cast<double>(span->rows().size());
      EXPECT_DOUBLE_EQ(w.visible_fraction,
                       (w.spans.front().end - w.spans.front().start + 1) / bars);
    }
  }
}

TEST(CutWindows, BaseWindowsComeFirstBySpanWithTheWholeSpan) {
  const std::vector<Window> windows = cut_windows(walk(20000), spans_in(20000), settings(150, 30));
  ASSERT_EQ(windows.size(), 180u);
  int64_t previous = -1;
  for (size_t i = 0; i < 150; ++i) {
    const Window& w = windows[i];
    EXPECT_EQ(w.id, std::to_string(i));
    EXPECT_EQ(w.base_id, w.id);
    EXPECT_EQ(w.offset, 0);
    EXPECT_EQ(w.visible_fraction, 1.0);
    EXPECT_GT(w.first_row + w.spans.front().start, previous);
    previous = w.first_row + w.spans.front().start;
  }
  for (size_t i = 150; i < windows.size(); ++i) {
    const Window& w = windows[i];
    const Window& base = windows[std::stoul(w.base_id)];
    EXPECT_EQ(std::abs(w.offset), 52);
    EXPECT_EQ(w.first_row, base.first_row + w.offset);
    EXPECT_EQ(w.id, base.id + (w.offset > 0 ? "_+52" : "_-52"));
    EXPECT_GE(w.visible_fraction, 0.3);
  }
}

TEST(CutWindows, AllOverlapsThatShowEnoughAreThereWhenWanted) {
  const Bars series = walk(20000);
  const std::vector<Span> spans = spans_in(20000);
  for (const double visible : {0.1, 0.3, 1.0}) {
    CutSettings s = settings(150, 1000);
    s.min_visible = visible;
    const std::vector<Window> windows = cut_windows(series, spans, s);
    size_t expected = 0;
    for (size_t i = 0; i < 150; ++i) {
      const Window& base = windows[i];
      const double bars = base.spans.front().end - base.spans.front().start + 1;
      for (const int offset : {-52, 52}) {
        const int64_t first_row = base.first_row + offset;
        const int start = std::max(base.spans.front().start - offset, 0);
        const int end = std::min(base.spans.front().end - offset, kWindowLength - 1);
        const bool in_series = first_row >= 0 && first_row + kWindowLength <= series.size();
        expected += in_series && (end - start + 1) / bars >= visible;
      }
    }
    EXPECT_EQ(windows.size() - 150, expected);
    EXPECT_GT(expected, 100u);
  }
}

TEST(CutWindows, EveryPlaceInTheWindowComesUp) {
  const Bars series = walk(2000);
  const std::vector<Span> spans{{1000, 1004, Direction::up, SpanType::consolidation, 5.0}};
  std::vector<int> times(kWindowLength, 0);
  for (uint64_t seed = 0; seed < 10100; ++seed) {
    ++times[static_cast<size_t>(
        cut_windows(series, spans, settings(1, 0, seed)).front().spans.front().start)];
  }
  for (int start = 0; start <= 100; ++start) {
    EXPECT_NEAR(times[static_cast<size_t>(start)], 100, 50) << start;  // 5 standard deviations
  }
  for (int start = 101; start < kWindowLength; ++start) {
    EXPECT_EQ(times[static_cast<size_t>(start)], 0);
  }
}

TEST(CutWindows, SeedDecides) {
  const Bars series = walk(20000);
  const std::vector<Span> spans = spans_in(20000);
  EXPECT_EQ(cut_windows(series, spans, settings(50, 10, 1)),
            cut_windows(series, spans, settings(50, 10, 1)));
  EXPECT_NE(cut_windows(series, spans, settings(50, 10, 1)),
            cut_windows(series, spans, settings(50, 10, 2)));
}

TEST(CutWindows, NoWindowCrossesAGapOrTheEnds) {
  Bars series = walk(3000);
  const std::vector<Span> spans = spans_in(3000);  // first at row 20, last close to the end
  for (const int64_t row : {115, 260, 1100, 1210, 1310, 2000}) open_gap(series, row);
  int fitting = 0;
  for (const Span& span : spans) {  // by trying every place
    bool fits = false;
    for (int64_t first = span.end_row - 104; first <= span.start_row && !fits; ++first) {
      fits = first >= 0 && first + 105 <= 3000;
      for (int64_t row = first + 1; fits && row < first + 105; ++row)
        fits = !series.gap_before(row);
    }
    fitting += fits;
  }
  ASSERT_LT(fitting, static_cast<int>(spans.size()));
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<Window> windows = cut_windows(series, spans, settings(fitting, 1000, seed));
    EXPECT_NO_THROW(check_windows(series, windows, kWindowLength));
  }
  EXPECT_NE(refusal(series, spans, settings(fitting + 1, 0))
                .find("wanted, but " + std::to_string(fitting)),
            std::string::npos);
}

TEST(CutWindows, NoWindowReachesTheLimit) {
  const Bars series = walk(20000);
  CutSettings s = settings(90, 1000);
  s.rows_before = 10000;
  int64_t last = 0;
  for (const Window& w : cut_windows(series, spans_in(20000), s)) {
    last = std::max(last, w.first_row + kWindowLength - 1);
  }
  EXPECT_LT(last, 10000);
  EXPECT_GT(last, 9000);
}

TEST(CutWindows, TheLimitIsARowOfTheBars) {
  CutSettings s = settings(5, 0);
  s.rows_before = 2000;
  EXPECT_EQ(cut_windows(walk(2000), spans_in(2000), s).size(), 5u);
  s.rows_before = 2001;
  expect_error([&] { cut_windows(walk(2000), spans_in(2000), s); },
               {"cut.rows_before: there is no row 2001, the bars have 2000 rows", "at most 2000"});
}

TEST(CutWindows, SpanOfOneBarCountsOnlyBeforeTheLimit) {
  const std::vector<Span> spans{{500, 500, Direction::up, SpanType::consolidation, 5.0}};
  CutSettings s = settings(1, 0);
  s.rows_before = 501;
  EXPECT_EQ(refusal(walk(2000), spans, s), "cut");
  for (const int64_t rows_before : {500, 100, 0, -1}) {
    s.rows_before = rows_before;
    EXPECT_NE(refusal(walk(2000), spans, s), "cut") << rows_before;
  }
}

TEST(CutWindows, ShortSpansNeedShortWindows) {
  const std::vector<Span> spans{{50, 59, Direction::up, SpanType::consolidation, 5.0}};
  CutSettings s = settings(1, 0);
  s.length = 10;
  const Window w = cut_windows(walk(200), spans, s).front();
  EXPECT_EQ(w.first_row, 50);
  EXPECT_EQ(w.spans.front(), (WindowSpan{0, 9, SpanType::consolidation}));
  s.length = 9;
  EXPECT_NE(refusal(walk(200), spans, s), "cut");
}

TEST(CutWindows, ImpossibleWishesAreErrors) {
  const Bars series = walk(2000);
  const std::vector<Span> spans = spans_in(2000);
  const auto expect_refusal = [&](auto change) {
    CutSettings s = settings(5, 5);
    change(s);
    EXPECT_NE(refusal(series, spans, s), "cut");
  };
  expect_refusal([](CutSettings& s) { s.count = 0; });
  expect_refusal([](CutSettings& s) { s.count = 1000; });
  expect_refusal([](CutSettings& s) { s.overlaps = -1; });
  expect_refusal([](CutSettings& s) { s.stride = 0; });
  expect_refusal([](CutSettings& s) { s.min_visible = 0.0; });
  expect_refusal([](CutSettings& s) { s.min_visible = 1.1; });
  expect_refusal([](CutSettings& s) { s.length = 0; });
  expect_refusal([](CutSettings& s) { s.length = 3000; });
  expect_refusal([](CutSettings& s) { s.rows_before = 100; });
  EXPECT_EQ(refusal(series, {}, settings(1, 0)), "there are no spans to cut windows around");
  EXPECT_EQ(refusal(series, {}, CutSettings{}), "there are no spans to cut windows around");
  const std::vector<Span> beyond{{1995, 2000, Direction::up, SpanType::consolidation, 5.0}};
  EXPECT_EQ(refusal(series, beyond, settings(1, 0)),
            "the span of rows 1995 to 2000 lies outside the series of 2000 bars");
}

TEST(CutWindows, WithoutCountAllThatFitUpToTheDefault) {
  const std::vector<Span> spans = spans_in(20000);
  const auto bases = [&](int64_t rows, const CutSettings& s) {
    const std::vector<Window> windows = cut_windows(walk(rows), spans_in(rows), s);
    return std::count_if(windows.begin(), windows.end(),
                         [](const Window& w) { return w.offset == 0; });
  };
  ASSERT_GT(spans.size(), 174u);
  EXPECT_EQ(bases(20000, CutSettings{}), 174);
  EXPECT_EQ(bases(2000, CutSettings{}), static_cast<int64_t>(spans_in(2000).size()));
  expect_error([&] { cut_windows(walk(2000), spans_in(2000), settings(22, 0)); },
               {"22 windows wanted, but 21 of 21 spans fit", "a count of 21 takes all that fit"});
  CutSettings long_windows;
  long_windows.length = 3000;
  EXPECT_EQ(refusal(walk(2000), spans_in(2000), long_windows),
            "174 windows wanted, but 0 of 21 spans fit into a window of 3000 bars without gap "
            "before row 2000");
}

TEST(CutWindows, HugeStrideGivesNoOverlap) {
  CutSettings s = settings(5, 10);
  s.stride = INT64_MAX;
  EXPECT_EQ(cut_windows(walk(2000), spans_in(2000), s).size(), 5u);
}

TEST(CutWindows, DefaultsGiveTheReportedKindOfFile) {
  CutSettings s;
  s.rows_before = 27259;
  const std::vector<Window> windows =
      cut_windows(read_bars(test::kBars), read_spans(test::kSpans), s);
  EXPECT_EQ(windows.size(), 210u);
  EXPECT_EQ(std::count_if(windows.begin(), windows.end(), [](const Window& w) { return w.offset; }),
            36);
  int bars = 0;
  for (const Window& w : windows) bars += w.spans.front().end - w.spans.front().start + 1;
  EXPECT_NEAR(bars / 210.0, 6.4, 0.6);
}

}  // namespace
}  // namespace spanlab
