// Look-alikes: many where labels are missing, few where all are there, none that is labelled.
#include "spanlab/metrics/look_alikes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "spanlab/labels/hindsight.h"
#include "spanlab/market/simulate.h"
#include "tests/metrics/make.h"
#include "tests/real_data.h"

namespace spanlab {
namespace {

using test::Sample;
using test::tiled;

size_t span_count(const Sample& sample) {
  size_t count = 0;
  for (const Window& window : sample.windows) count += window.spans.size();
  return count;
}

// Of the sample's windows: in order, and no bar of a labelled span in them.
void expect_sound(const std::vector<LookAlike>& stretches, const Sample& sample) {
  for (size_t i = 1; i < stretches.size(); ++i) {
    EXPECT_GE(stretches[i - 1].score, stretches[i].score);
  }
  for (const LookAlike& stretch : stretches) {
    ASSERT_LE(0, stretch.first);
    ASSERT_LE(stretch.first, stretch.last);
    ASSERT_LT(stretch.last, kWindowLength);
    for (int t = stretch.first; t <= stretch.last; ++t) {
      EXPECT_EQ(sample.dataset.mask[static_cast<size_t>(stretch.window * kWindowLength + t)], 0.0f);
    }
  }
}

TEST(LookAlikes, RealBarsHoldManyWhereOneSpanAWindowIsLabelled) {
  const Bars series = read_bars(test::kBars);
  const std::vector<Span> spans = read_spans(test::kSpans);
  std::vector<Window> windows = read_windows(test::kWindows);
  const Sample single(series, windows);
  join_spans(windows, spans, kWindowLength);
  const Sample full(series, std::move(windows));
  ASSERT_EQ(span_count(single), 210u);
  ASSERT_EQ(span_count(full), 415u);

  const std::vector<LookAlike> many = look_alikes(single.set()), few = look_alikes(full.set());
  expect_sound(many, single);
  expect_sound(few, full);
  // 205 spans of the rule are not labelled, and about half of them reach the median.
  EXPECT_GT(many.size(), 80u);
  EXPECT_LT(many.size(), 130u);
  EXPECT_LT(few.size(), 21u);  // 1 in 20 spans
  // Most are spans of the rule that the windows file leaves out.
  const auto known = std::count_if(many.begin(), many.end(), [&](const LookAlike& stretch) {
    const int64_t row = single.windows[static_cast<size_t>(stretch.window)].first_row;
    return std::any_of(spans.begin(), spans.end(), [&](const Span& span) {
      return span.start_row <= row + stretch.last && row + stretch.first <= span.end_row;
    });
  });
  EXPECT_GT(static_cast<double>(known), 0.8 * static_cast<double>(many.size()));
}

TEST(LookAlikes, SimulatedMarketHoldsThemWhereLabelsAreLeftOut) {
  MarketModel model;
  model.strength = 3.0;
  const SimulatedMarket market = simulate_market(21000, 5, model);
  const std::vector<Span> all = market.spans;
  std::vector<Span> third;
  for (size_t i = 0; i < all.size(); i += 3) third.push_back(all[i]);
  const Sample full(market.bars, tiled(0, 200, all));
  const Sample part(market.bars, tiled(0, 200, third));
  const std::vector<LookAlike> few = look_alikes(full.set()), many = look_alikes(part.set());
  expect_sound(few, full);
  expect_sound(many, part);
  EXPECT_LT(static_cast<double>(few.size()), 0.05 * static_cast<double>(span_count(full)));
  EXPECT_GT(static_cast<double>(many.size()), 0.5 * static_cast<double>(span_count(part)));
}

// Moves of 1, up and down in turn, but for runs of larger moves.
struct Run {
  int row, bars;
  double move;
};
Bars choppy_with(const std::vector<Run>& runs, int bars) {
  Bars series;
  double close = 1000;
  for (int i = 0; i < bars; ++i) {
    double move = i % 2 == 0 ? 1.0 : -1.0;
    for (const Run& run : runs) {
      if (run.row <= i && i < run.row + run.bars) move = run.move;
    }
    close += move;
    series.time_ms.push_back(int64_t{i} * 60000);
    series.open.push_back(close);
    series.high.push_back(close);
    series.low.push_back(close);
    series.close.push_back(close);
  }
  series.bar_ms = 60000;
  return series;
}

TEST(LookAlikes, OneAsStrongAndAsLongAsTheLabelledSpan) {
  // Labelled; as strong, but down; too weak; too long.
  const Bars series =
      choppy_with({{150, 5, 6.0}, {301, 5, -6.0}, {450, 5, 3.0}, {660, 9, 6.0}}, 800);
  const Sample sample(series, tiled(105, 6, {{150, 154, Direction::up, {}, 0.0}}));
  const std::vector<LookAlike> found = look_alikes(sample.set());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].window, 1);
  EXPECT_EQ(found[0].first, 301 - 210);
  EXPECT_EQ(found[0].last, 305 - 210);
  // The scale of each of its bars: 116 moves of 1 and 5 of 6.
  EXPECT_NEAR(found[0].score, 5 * (6.0 / (146.0 / 121) - 0.6), 1e-9);

  // Only chosen windows are looked at, and their spans alone are the measure.
  const std::vector<int> others = {0, 2, 3, 4, 5}, unlabelled = {1, 2, 3};
  WindowSet set = sample.set();
  set.chosen = others;
  EXPECT_TRUE(look_alikes(set).empty());
  set.chosen = unlabelled;
  EXPECT_TRUE(look_alikes(set).empty());
}

TEST(LookAlikes, AWindowCanHaveSeveralThatShareNoBar) {
  // Labelled in window 0; window 1 has two as strong.
  const Bars series = choppy_with({{150, 5, 6.0}, {216, 5, 6.0}, {301, 5, -6.0}}, 800);
  const Sample sample(series, tiled(105, 6, {{150, 154, Direction::up, {}, 0.0}}));
  std::vector<LookAlike> found = look_alikes(sample.set());
  std::sort(found.begin(), found.end(), [](const LookAlike& a, const LookAlike& b) {
    return std::pair(a.window, a.first) < std::pair(b.window, b.first);
  });
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(std::pair(found[0].window, found[0].first), std::pair(1, 216 - 210));
  EXPECT_EQ(std::pair(found[1].window, found[1].first), std::pair(1, 301 - 210));
}

TEST(LookAlikes, ASpanThatAnEdgeCutsIsNotTheShortest) {
  // Labelled: five bars, and the last two of five that begin in the window before. Two bars that
  // are stronger than all others, and three.
  const Bars series =
      choppy_with({{150, 5, 6.0}, {312, 5, 6.0}, {452, 2, 60.0}, {561, 3, -9.0}}, 800);
  const std::vector<Span> spans = {{150, 154, Direction::up, {}, 0.0},
                                   {312, 316, Direction::up, {}, 0.0}};
  Sample sample(series, tiled(105, 6, spans));
  ASSERT_EQ(sample.windows[2].spans, (std::vector<WindowSpan>{{0, 1, {}}}));  // from row 315 on
  EXPECT_TRUE(look_alikes(sample.set(), 0.0).empty());

  // Of cut spans alone nobody knows how long they are: the rule's three bars are the shortest.
  sample.windows[0].spans.clear();
  const std::vector<LookAlike> found = look_alikes(sample.set(), 0.0);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].first, 561 - 525);
}

}  // namespace
}  // namespace spanlab
