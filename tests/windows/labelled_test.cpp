// Labelled bars from memory: every field is checked as the readers check it.
#include "spanlab/windows/labelled.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/expect_error.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

constexpr int kLength = 30;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr auto kUnknownType = static_cast<SpanType>(7);

/// 300 bars, three windows (one with two spans, one without), and two spans of the series.
Labelled sound() {
  Labelled labelled;
  labelled.bars = test::walk(300);
  labelled.bars.volume.assign(300, 1.0);
  Window two = test::window("two", 40);
  two.spans.push_back({20, 22, SpanType::retracement});
  Window none = test::window("none", 80);
  none.spans.clear();
  none.visible_fraction = 0;
  labelled.windows = {test::window("one", 10), two, none};
  labelled.spans = {{5, 7, Direction::up, SpanType::consolidation, 0.5},
                    {85, 89, Direction::down, SpanType::retracement, 1.5}};
  labelled.names = {"bars.csv", "windows.csv", "spans.csv"};
  return labelled;
}

void expect_refused(const std::function<void(Labelled&)>& change,
                    std::initializer_list<const char*> parts) {
  Labelled labelled = sound();
  change(labelled);
  expect_error([&] { complete_windows(labelled, kLength); }, parts);
}

TEST(Labelled, SoundDataAreTaken) {
  const std::vector<Window> windows = complete_windows(sound(), kLength);
  EXPECT_EQ(windows[1].spans.size(), 2u);
  EXPECT_EQ(windows[2].spans, (std::vector<WindowSpan>{{5, 9, SpanType::retracement}}));
}

TEST(Labelled, BarsThatNothingCanComputeWithAreRefused) {
  expect_refused([](Labelled& l) { l.bars = {}; }, {"bars.csv", "no bars"});
  const std::pair<const char*, std::vector<double> Bars::*> columns[] = {{"open", &Bars::open},
                                                                         {"high", &Bars::high},
                                                                         {"low", &Bars::low},
                                                                         {"close", &Bars::close},
                                                                         {"volume", &Bars::volume}};
  for (const auto& [name, values] : columns) {
    expect_refused([&, v = values](Labelled& l) { (l.bars.*v).pop_back(); },
                   {"bars.csv", name, "has 299 values, but there are 300 times"});
    expect_refused([&, v = values](Labelled& l) { (l.bars.*v).push_back(1); }, {name, "301"});
    for (const double value : {kNan, kInf, -kInf}) {
      expect_refused([&, v = values](Labelled& l) { (l.bars.*v)[17] = value; },
                     {"bars.csv: row 17", name});
    }
  }
  expect_refused([](Labelled& l) { l.bars.close.clear(); }, {"close", "has 0 values"});
  expect_refused([](Labelled& l) { std::swap(l.bars.time_ms[7], l.bars.time_ms[8]); },
                 {"bars.csv: row 8", "is not after"});
  expect_refused([](Labelled& l) { l.bars.time_ms[8] = l.bars.time_ms[7]; }, {"row 8"});
  for (const int64_t time : {INT64_MIN, INT64_MAX, int64_t{1} << 60}) {
    expect_refused([&](Labelled& l) { l.bars.time_ms[299] = time; }, {"row 299"});
  }
  for (const int64_t step : {int64_t{0}, int64_t{-60000}, int64_t{60}, INT64_MAX}) {
    expect_refused([&](Labelled& l) { l.bars.bar_ms = step; }, {"bar_ms", "60000"});
  }
}

TEST(Labelled, WindowsWithAFaultAreNamed) {
  const auto refused = [](const std::function<void(Window&)>& change,
                          std::initializer_list<const char*> parts) {
    expect_refused([&](Labelled& l) { change(l.windows[1]); }, parts);
  };
  refused([](Window& w) { w.id = ""; }, {"windows.csv: windows[1]", "window_id", "empty"});
  refused([](Window& w) { w.id = "one"; }, {"windows[1]", "\"one\" is already", "windows[0]"});
  refused([](Window& w) { w.id = "a\nb"; }, {"windows[1]", "window_id", "control"});
  refused([](Window& w) { w.id = std::string("a\0b", 3); }, {"window_id", "control"});
  refused([](Window& w) { w.id.assign(5'000'000, 'a'); }, {"window_id", "5000000 bytes"});
  refused([](Window& w) { w.base_id = ""; }, {"windows[1]", "base_window_id", "empty"});
  refused([](Window& w) { w.base_id = "\t"; }, {"base_window_id", "control"});
  refused([](Window& w) { w.first_row = -1; }, {"windows[1]", "first_row", "-1"});
  refused([](Window& w) { w.first_row = 271; }, {"window \"two\"", "rows 0 to 299"});
  refused([](Window& w) { w.first_row = INT64_MAX; }, {"window \"two\""});
  refused([](Window& w) { w.first_row = INT64_MIN; }, {"windows[1]", "first_row"});
  for (const double visible : {0.0, -0.5, 1.01, kNan, kInf}) {
    refused([&](Window& w) { w.visible_fraction = visible; }, {"windows[1]", "visible_fraction"});
  }
  for (const double visible : {0.5, -1.0, kNan}) {
    expect_refused([&](Labelled& l) { l.windows[2].visible_fraction = visible; },
                   {"windows[2]", "visible_fraction"});
  }
  for (const int bar : {-1, kLength, INT_MAX, INT_MIN}) {
    refused([&](Window& w) { w.spans[0].start = bar; }, {"windows[1]", "expansion_start"});
    refused([&](Window& w) { w.spans[0].end = bar; }, {"windows[1]", "expansion_end"});
    refused([&](Window& w) { w.spans[1].start = bar; }, {"windows[1]", "further_spans"});
    refused([&](Window& w) { w.spans[1].end = bar; }, {"windows[1]", "further_spans"});
  }
  refused([](Window& w) { std::swap(w.spans[0].start, w.spans[0].end); }, {"before its start"});
  refused([](Window& w) { w.spans[0].type = kUnknownType; }, {"windows[1]", "type"});
  refused([](Window& w) { w.spans[1].type = kUnknownType; }, {"windows[1]", "further_spans"});
  refused([](Window& w) { w.spans[1].start = 14; }, {"10 to 14 and 14 to 22 share a bar"});
}

TEST(Labelled, SpansWithAFaultAreNamed) {
  const auto refused = [](const std::function<void(Span&)>& change,
                          std::initializer_list<const char*> parts) {
    expect_refused([&](Labelled& l) { change((*l.spans)[1]); }, parts);
  };
  refused([](Span& s) { s.start_row = -1; }, {"spans.csv: spans[1]", "start_row", "negative"});
  refused([](Span& s) { s.start_row = 90; }, {"spans[1]", "end_row", "before its start"});
  refused([](Span& s) { s.end_row = 300; }, {"85 to 300", "outside the series of 300 bars"});
  refused([](Span& s) { s.end_row = INT64_MAX; }, {"outside the series"});
  refused([](Span& s) { s.start_row = 7; }, {"spans[1]", "7 to 89 overlaps the span 5 to 7"});
  refused([](Span& s) { s.start_row = 1, s.end_row = 2; }, {"comes after", "sort"});
  refused([](Span& s) { s.direction = static_cast<Direction>(-1); }, {"spans[1]", "direction"});
  refused([](Span& s) { s.type = kUnknownType; }, {"spans[1]", "type"});
  for (const double score : {kNan, kInf}) {
    refused([&](Span& s) { s.score = score; }, {"spans[1]", "score"});
  }
}

TEST(Labelled, TheHashIsOfEveryField) {
  const std::string hash = content_hashes(sound()).whole;
  const std::vector<std::function<void(Labelled&)>> changes{
      [](Labelled& l) { l.bars.volume[299] = 2; },
      [](Labelled& l) { l.bars.time_ms[299] += 1; },
      [](Labelled& l) { l.bars.open[299] += 1e-9; },
      [](Labelled& l) { l.bars.high[299] += 1e-9; },
      [](Labelled& l) { l.bars.low[299] -= 1e-9; },
      [](Labelled& l) { l.bars.close[299] += 1e-9; },
      [](Labelled& l) { l.windows[1].id += "x"; },
      [](Labelled& l) { l.windows[1].first_row += 1; },
      [](Labelled& l) { l.windows[1].spans[1].start -= 1; },
      [](Labelled& l) {
        l.windows[1].spans[1].type = SpanType{1 - static_cast<int>(l.windows[1].spans[1].type)};
      },
      [](Labelled& l) { (*l.spans)[0].start_row += 1; },
      [](Labelled& l) { (*l.spans)[0].end_row += 1; },
      [](Labelled& l) { (*l.spans)[0].type = SpanType{1 - static_cast<int>((*l.spans)[0].type)}; },
      [](Labelled& l) { l.windows[1].spans[1].end += 1; },
      [](Labelled& l) { l.windows[1].spans.pop_back(); },
      [](Labelled& l) { l.windows[1].visible_fraction = 0.99999; },
      [](Labelled& l) { l.windows[2].offset = 1; },
      [](Labelled& l) { l.windows[2].base_id += " "; },
      [](Labelled& l) { l.windows[2].complete = true; },
      [](Labelled& l) { (*l.spans)[0].score += 1e-9; },
      [](Labelled& l) { (*l.spans)[0].direction = Direction::down; },
      [](Labelled& l) { l.spans.reset(); }};
  for (size_t i = 0; i < changes.size(); ++i) {
    Labelled labelled = sound();
    changes[i](labelled);
    EXPECT_NE(content_hashes(labelled).whole, hash) << i;
  }
}

}  // namespace
}  // namespace spanlab
