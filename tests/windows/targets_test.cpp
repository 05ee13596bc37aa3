// Targets of hand-made windows.
#include "spanlab/windows/targets.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::window;

struct Targets {
  Targets(const Window& w, int length, CountdownTarget target)
      : pointers(2, -7.0f), mask(static_cast<size_t>(length), -7.0f), countdown(mask) {
    write_targets(w, length, target, pointers.data(), mask.data(), countdown.data());
  }
  std::vector<float> pointers, mask, countdown;
};

TEST(Targets, OfOneSpan) {
  const Targets t(window("a", 0, 67, 78), 105, CountdownTarget::clipped);
  EXPECT_FLOAT_EQ(t.pointers[0], 72.5f / 105);
  EXPECT_FLOAT_EQ(t.pointers[1], 11.0f / 105);
  for (int i = 0; i < 105; ++i) {
    const auto k = static_cast<size_t>(i);
    EXPECT_EQ(t.mask[k], i >= 67 && i <= 78 ? 1.0f : 0.0f) << i;
    EXPECT_EQ(t.countdown[k], static_cast<float>(std::min(std::max(67 - i, -20), 20))) << i;
  }
}

TEST(Targets, UnitCountdownIsTheSameOnZeroToOne) {
  const Targets t(window("a", 0, 50, 60), 105, CountdownTarget::unit);
  EXPECT_EQ(t.countdown[0], 1.0f);
  EXPECT_EQ(t.countdown[30], 1.0f);
  EXPECT_EQ(t.countdown[31], 39.0f / 40);
  EXPECT_EQ(t.countdown[50], 0.5f);
  EXPECT_EQ(t.countdown[70], 0.0f);
  EXPECT_EQ(t.countdown[104], 0.0f);
}

TEST(Targets, MaskedCountdownIsTheUnitOneAndCountsTwentyBarsAround) {
  const Window w = window("a", 0, 50, 60);
  EXPECT_EQ(Targets(w, 105, CountdownTarget::masked).countdown,
            Targets(w, 105, CountdownTarget::unit).countdown);
  std::vector<uint8_t> counted(105, 7);
  write_countdown_counted(w, 105, counted.data());
  for (int i = 0; i < 105; ++i) {
    EXPECT_EQ(counted[static_cast<size_t>(i)], i >= 30 && i <= 70 ? 1 : 0) << i;
  }
  write_countdown_counted(window("a", 0, 3, 5), 10, counted.data());
  EXPECT_EQ(std::vector<uint8_t>(counted.begin(), counted.begin() + 10),
            std::vector<uint8_t>(10, 1));
  Window none = w;
  none.spans.clear();
  write_countdown_counted(none, 105, counted.data());
  EXPECT_EQ(counted, std::vector<uint8_t>(105, 0));
}

TEST(Targets, MaskHasAllSpansAndTheRestSpeaksOfTheFirst) {
  Window w = window("a", 0, 6, 7);
  w.spans.push_back({0, 0, SpanType::retracement});
  w.spans.push_back({9, 9, SpanType::retracement});
  const Targets t(w, 10, CountdownTarget::clipped);
  EXPECT_EQ(t.mask, (std::vector<float>{1, 0, 0, 0, 0, 0, 1, 1, 0, 1}));
  EXPECT_FLOAT_EQ(t.pointers[0], 0.65f);
  EXPECT_EQ(t.countdown[0], 6.0f);
}

TEST(Targets, WithoutSpanAreZero) {
  Window w = window("a", 0);
  w.spans.clear();
  for (const CountdownTarget target : {CountdownTarget::clipped, CountdownTarget::unit}) {
    const Targets t(w, 30, target);
    EXPECT_EQ(t.pointers, std::vector<float>(2, 0.0f));
    EXPECT_EQ(t.mask, std::vector<float>(30, 0.0f));
    EXPECT_EQ(t.countdown, std::vector<float>(30, 0.0f));
  }
}

TEST(Targets, SpanOverTheWholeWindow) {
  const Targets t(window("a", 0, 0, 104), 105, CountdownTarget::clipped);
  EXPECT_FLOAT_EQ(t.pointers[0], 52.0f / 105);
  EXPECT_FLOAT_EQ(t.pointers[1], 104.0f / 105);
  EXPECT_EQ(t.mask, std::vector<float>(105, 1.0f));
}

/// Flat bars at 100, but for the closes that a test sets.
Bars flat(int64_t bars) {
  Bars series;
  series.bar_ms = 60000;
  for (int64_t i = 0; i < bars; ++i) {
    series.time_ms.push_back(i * 60000);
    for (auto* prices : {&series.open, &series.high, &series.low, &series.close}) {
      prices->push_back(100);
    }
  }
  return series;
}

TEST(DirectedSpans, GoFromTheCloseBeforeToTheLastClose) {
  Bars series = flat(60);
  series.close[29] = 99;    // before the first span: from 99 to 99.5 it rises,
  series.close[34] = 99.5;  // though it opened at 100
  series.close[44] = 99.5;  // the second falls from 100
  Window w = window("a", 20, 10, 14);
  w.spans.push_back({20, 24, SpanType::retracement});
  EXPECT_EQ(directed_spans(series, w),
            (std::vector<DirectedSpan>{{10, 14, Direction::up}, {20, 24, Direction::down}}));
  series.close[44] = 100;  // neither
  EXPECT_EQ(directed_spans(series, w)[1].direction, Direction::up);
}

TEST(DirectedSpans, GoFromTheirOpenWhereNoBarIsBefore) {
  Bars series = flat(30);
  series.close[4] = 99.5;
  series.close[9] = 99;  // would make the second span rise
  series.close[14] = 99.5;
  Window w = window("a", 0, 0, 4);
  w.spans.push_back({10, 14, SpanType::retracement});
  EXPECT_EQ(directed_spans(series, w)[0].direction, Direction::down);
  EXPECT_EQ(directed_spans(series, w)[1].direction, Direction::up);
  test::open_gap(series, 10);
  EXPECT_EQ(directed_spans(series, w)[1].direction, Direction::down);
}

TEST(DirectedSpans, StandInOrderOfTime) {
  Window w = window("a", 0, 12, 14);
  w.spans.push_back({20, 22, SpanType::retracement});
  w.spans.push_back({0, 3, SpanType::retracement});
  const std::vector<DirectedSpan> spans = directed_spans(flat(30), w);
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[0].start, 0);
  EXPECT_EQ(spans[1].start, 12);
  EXPECT_EQ(spans[2].end, 22);
  w.spans.clear();
  EXPECT_TRUE(directed_spans(flat(30), w).empty());
}

}  // namespace
}  // namespace spanlab
