// Targets of windows that were moved: what is known goes along, what they see beyond is unknown.
#include "spanlab/train/span_objective.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "spanlab/recipe/jade_config.h"
#include "spanlab/windows/dataset.h"

namespace spanlab {
namespace {

constexpr int kLength = 12;

/// One window with the given spans, complete.
Dataset dataset_of(const std::vector<DirectedSpan>& spans) {
  Dataset data;
  data.windows = 1, data.length = kLength, data.features = 1;
  data.spans = {spans};
  data.complete = {1};
  data.mask.assign(kLength, 0.0f);
  for (const DirectedSpan& span : spans) {
    for (int t = span.start; t <= span.end; ++t) data.mask[static_cast<size_t>(t)] = 1;
  }
  return data;
}

/// Where the bar loss has a gradient, and of which sign: '+' outside, '-' inside, '.' unknown.
std::string signs(const std::vector<DirectedSpan>& spans, int shift, const LossConfig& loss = {}) {
  const Dataset data = dataset_of(spans);
  SpanObjective objective(loss, jade_config({}, data.length, data.features), data);
  const std::vector<int> windows{0};
  const std::vector<WindowView> views{{false, shift}};
  objective.gather(windows, views);
  JadeOutput<float> out, d;
  out.span.assign(kLength, 0.5f);
  d.span.assign(kLength, 7.0f);
  ThreadPool pool(1);
  EXPECT_TRUE(std::isfinite(objective(pool, out, d)));
  std::string text;
  for (const float g : d.span) text += g == 0 ? '.' : g > 0 ? '+' : '-';
  return text;
}

TEST(MovedTargets, WhatIsKnownMovesAlongAndTheRestIsUnknown) {
  const std::vector<DirectedSpan> span{{4, 6, Direction::up}};
  EXPECT_EQ(signs(span, 0), "++++---+++++");
  EXPECT_EQ(signs(span, 2), "++---+++++..");
  EXPECT_EQ(signs(span, -3), "...++++---++");
  EXPECT_EQ(signs(span, 6), "-+++++......");  // cut, as a window that lies there has it
  EXPECT_EQ(signs(span, 7), "+++++.......");
  EXPECT_EQ(signs(span, -7), ".......++++-");
}

TEST(MovedTargets, ASpanThatMayGoOnBeyondTheLabelledBarsIsUnknown) {
  const std::vector<DirectedSpan> spans{{0, 1, Direction::up}, {9, 11, Direction::down}};
  EXPECT_EQ(signs(spans, 0), "--+++++++---");
  EXPECT_EQ(signs(spans, 1), "-+++++++....");  // the second may have a 13th bar
  EXPECT_EQ(signs(spans, -1), "...+++++++--");
}

TEST(MovedTargets, UnlabelledBarsThatAreIgnoredStayIgnored) {
  LossConfig loss;
  loss.unlabelled = Unlabelled::ignored;
  Dataset data = dataset_of({{2, 2, Direction::up}});
  data.complete = {0};
  SpanObjective objective(loss, jade_config({}, data.length, data.features), data);
  const std::vector<int> windows{0};
  objective.gather(windows, std::vector<WindowView>{{false, -3}});
  JadeOutput<float> out, d;
  out.span.assign(kLength, 0.5f);
  d.span.assign(kLength, 7.0f);
  ThreadPool pool(1);
  objective(pool, out, d);
  std::string text;
  for (const float g : d.span) text += g == 0 ? '.' : g > 0 ? '+' : '-';
  EXPECT_EQ(text, "...++-+++++.");  // bars 0 to 7 of the window are near its span
}

/// Loss of one window under the semi-Markov head, with scores made from the bars' numbers in the
/// series, so that a window that lies elsewhere has the same ones.
double structured_loss(const std::vector<DirectedSpan>& spans, const WindowView& view,
                       std::vector<float>* gradient = nullptr) {
  const Dataset data = dataset_of(spans);
  const JadeConfig config = jade_config({.span_head = SpanHead::semi_markov, .longest_span = 5},
                                        data.length, data.features);
  SpanObjective objective({}, config, data);
  const std::vector<int> windows{0};
  objective.gather(windows, std::vector<WindowView>{view});
  JadeOutput<float> out, d;
  const auto columns = static_cast<size_t>(config.span_model().columns());
  out.span_scores.resize(kLength * columns);
  for (size_t i = 0; i < out.span_scores.size(); ++i) {
    out.span_scores[i] = static_cast<float>(std::sin(static_cast<double>(i)));
  }
  out.span_shared.assign(static_cast<size_t>(config.span_model().shared_scores()), 0.1f);
  d.span_scores.resize(out.span_scores.size());
  d.span_shared.resize(out.span_shared.size());
  ThreadPool pool(1);
  const double loss = objective(pool, out, d);
  if (gradient != nullptr) *gradient = d.span_scores;
  return loss;
}

TEST(MovedTargets, TheStructuredHeadMayPutAnythingWhereNothingIsKnown) {
  // What is left says less, so it is more probable than any labels of all bars that agree with it.
  const double moved = structured_loss({{6, 8, Direction::up}}, {false, 4});  // bars 8.. unknown
  const double closed = structured_loss({{2, 4, Direction::up}}, {});
  const double another = structured_loss({{2, 4, Direction::up}, {9, 10, Direction::down}}, {});
  EXPECT_LT(moved, closed);
  EXPECT_LT(moved, another);
  EXPECT_GT(std::exp(-moved), std::exp(-closed) + std::exp(-another));
  EXPECT_GT(moved, 0);
}

TEST(MovedTargets, TheMirrorTurnsTheKindOfAMovedSpan) {
  const double up = structured_loss({{6, 8, Direction::up}}, {false, 4});
  EXPECT_EQ(structured_loss({{6, 8, Direction::down}}, {true, 4}), up);
  EXPECT_NE(structured_loss({{6, 8, Direction::down}}, {false, 4}), up);
}

TEST(MovedTargets, MovedOutOfSightNothingIsLearned) {
  std::vector<float> gradient;
  EXPECT_NEAR(structured_loss({{6, 8, Direction::up}}, {false, kLength}, &gradient), 0, 1e-5);
  for (const float g : gradient) EXPECT_NEAR(g, 0, 1e-6);
}

}  // namespace
}  // namespace spanlab
