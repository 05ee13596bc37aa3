// Trivial predictors: closed forms on made windows, known figures on real bars.
#include "spanlab/metrics/trivial.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/market/simulate.h"
#include "spanlab/metrics/ranking.h"
#include "tests/expect_error.h"
#include "tests/metrics/make.h"
#include "tests/real_data.h"

namespace spanlab {
namespace {

using test::Sample;
using test::tiled;

double precision_of(const std::vector<float>& scores, const Sample& sample) {
  const RankedBars ranked({.windows = sample.dataset.windows,
                           .length = kWindowLength,
                           .probability = scores,
                           .mask = sample.dataset.mask,
                           .group = {}});
  return average_precision(ranked.weigh(std::vector<double>(sample.windows.size(), 1.0)));
}

double f1_of(const std::vector<float>& scores, const Sample& sample, double threshold) {
  double hits = 0, predicted = 0, inside = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    const bool positive = scores[i] >= threshold, label = sample.dataset.mask[i] != 0;
    hits += positive && label;
    predicted += positive;
    inside += label;
  }
  return 2 * hits / (predicted + inside);
}

const TrivialPredictor& named(const std::vector<TrivialPredictor>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const TrivialPredictor& p) { return p.name == name; });
  if (found == all.end()) throw Error("no predictor " + name, "");
  return *found;
}

TEST(Trivial, RealBarsGiveTheKnownFigures) {
  const Bars series = read_bars(test::kBars);
  const Sample train(series, read_windows(test::kWindows));
  const Sample held_out(series, tiled(27364, 110, read_spans(test::kSpans)));
  const std::vector<TrivialPredictor> all = trivial_predictors(train.set(), held_out.set());
  ASSERT_EQ(all.size(), 6u);
  for (const TrivialPredictor& p : all) {
    ASSERT_EQ(p.train_scores.size(), 210u * 105) << p.name;
    ASSERT_EQ(p.test_scores.size(), 110u * 105) << p.name;
    for (const float score : p.test_scores) ASSERT_TRUE(score >= 0 && score <= 1) << p.name;
  }
  const auto precision = [&](const char* name) {
    return precision_of(named(all, name).test_scores, held_out);
  };
  const auto f1 = [&](const char* name) {
    return f1_of(named(all, name).test_scores, held_out, named(all, name).threshold);
  };
  // 733 of 11550 bars: the base rate, and 2 r / (1 + r).
  for (const char* name : {"all_positive", "base_rate"}) {
    EXPECT_NEAR(precision(name), 0.06346, 1e-5) << name;
    EXPECT_NEAR(f1(name), 0.11935, 1e-5) << name;
  }
  // An independent implementation gives 0.279 and 0.347 for a 5-bar momentum by another scale.
  EXPECT_NEAR(precision("momentum"), 0.279, 0.02);
  EXPECT_NEAR(f1("momentum"), 0.347, 0.02);
  // The same formulas in plain Python, by prefix sums.
  EXPECT_NEAR(precision("momentum"), 0.2659, 1e-4);
  EXPECT_NEAR(precision("range"), 0.1663, 1e-4);
  EXPECT_NE(named(all, "momentum").description.find(" 3-bar momentum"), std::string::npos);
  // Labelled spans lie anywhere in a window: their place says nothing.
  EXPECT_LT(precision("position_prior"), 0.08);
  EXPECT_GT(precision("logistic"), 0.25);
}

TEST(Trivial, BaseRateAndPriorAreShares) {
  const SimulatedMarket market = simulate_market(3000, 1);
  // Spans at bars 50..59 of each other window, and none elsewhere.
  std::vector<Span> spans;
  for (int k = 0; k < 20; k += 2) {
    spans.push_back({k * 105 + 50, k * 105 + 59, Direction::up, SpanType::consolidation, 0.0});
  }
  const Sample sample(market.bars, tiled(0, 20, spans));
  const std::vector<TrivialPredictor> all = trivial_predictors(sample.set(), sample.set());
  const TrivialPredictor& constant = named(all, "base_rate");
  for (const float score : constant.train_scores) EXPECT_FLOAT_EQ(score, 100.0f / 2100);
  EXPECT_LE(constant.threshold, double{constant.train_scores[0]});  // predicts all

  const TrivialPredictor& prior = named(all, "position_prior");
  EXPECT_NEAR(prior.train_scores[44], 0.0, 1e-7);
  EXPECT_NEAR(prior.train_scores[45], 0.5 * 1 / 36, 1e-6);
  EXPECT_NEAR(prior.train_scores[49], 0.5 * 15 / 36, 1e-6);
  EXPECT_NEAR(prior.train_scores[50], 0.5 * 21 / 36, 1e-6);
  EXPECT_NEAR(prior.train_scores[105 + 54], 0.5 * 35 / 36, 1e-6);
  EXPECT_NEAR(prior.train_scores[65], 0.0, 1e-7);
  // Half of the places' bars are labelled: precision 1/2 at full recall.
  EXPECT_NEAR(f1_of(prior.train_scores, sample, prior.threshold), 2.0 / 3.0, 1e-9);
}

// One jump of 10 among moves of 1, up and down in turn.
Bars choppy_with_jump(int bars, int row) {
  Bars series;
  double close = 1000;
  for (int i = 0; i < bars; ++i) {
    close += (i % 2 == 0 ? 1.0 : -1.0) * (i == row ? 10.0 : 1.0);
    series.time_ms.push_back(int64_t{i} * 60000);
    series.open.push_back(close);
    series.close.push_back(close);
    series.high.push_back(close + (i == row ? 4.0 : 1.0));
    series.low.push_back(close - 1.0);
  }
  series.bar_ms = 60000;
  return series;
}

TEST(Trivial, RangeAndMomentumAreRatiosToTheBarsBefore) {
  const Bars series = choppy_with_jump(420, 300);
  std::vector<Window> windows = tiled(210, 2, {{300, 300, Direction::up, {}, 0.0}});
  const Sample sample(series, std::move(windows));
  const std::vector<TrivialPredictor> all = trivial_predictors(sample.set(), sample.set());
  const auto expect_ratio = [](float score, double ratio) {
    EXPECT_NEAR(score, ratio / (1 + ratio), 1e-6);
  };
  const std::vector<float>& range = named(all, "range").test_scores;
  expect_ratio(range[0], 1.0);
  expect_ratio(range[90], 5.0 / ((59 * 2.0 + 5.0) / 60));
  expect_ratio(range[91], 2.0 / ((59 * 2.0 + 5.0) / 60));
  expect_ratio(range[149], 2.0 / ((59 * 2.0 + 5.0) / 60));
  expect_ratio(range[150], 1.0);
  // The jump alone is labelled: it stands out most in one bar's move.
  const TrivialPredictor& momentum = named(all, "momentum");
  EXPECT_NE(momentum.description.find(" 1-bar momentum"), std::string::npos);
  expect_ratio(momentum.test_scores[0], 1.0);
  expect_ratio(momentum.test_scores[90], 10.0 / ((59 + 10.0) / 60));
  EXPECT_EQ(f1_of(momentum.test_scores, sample, momentum.threshold), 1.0);
}

TEST(Trivial, ScoresAreCausalAndStopAtGaps) {
  Bars series = choppy_with_jump(420, 200);
  for (int64_t i = 210; i < 420; ++i) series.time_ms[static_cast<size_t>(i)] += 3600000;
  const std::vector<Span> spans = {{300, 303, Direction::up, {}, 0.0}};
  const Sample sample(series, tiled(210, 2, spans));
  // The jump ten bars before the window lies beyond the gap.
  const auto before = trivial_predictors(sample.set(), sample.set());
  EXPECT_NEAR(named(before, "range").test_scores[0], 0.5, 1e-6);
  EXPECT_EQ(named(before, "momentum").test_scores[0], 0.0f);

  Bars changed = series;
  for (size_t i = 260; i < 420; ++i) changed.close[i] = changed.high[i] = changed.low[i] = 990.0;
  const Sample other(changed, tiled(210, 2, spans));
  const auto after = trivial_predictors(sample.set(), other.set());
  for (const char* name : {"range", "momentum"}) {
    for (size_t t = 0; t < 50; ++t) {
      EXPECT_EQ(named(after, name).test_scores[t], named(before, name).test_scores[t]) << name;
    }
    EXPECT_NE(named(after, name).test_scores[50], named(before, name).test_scores[50]) << name;
  }
}

TEST(Trivial, SimulatedMarketIsOrderedAsItsSignalIs) {
  MarketModel model;
  model.strength = 3.0;
  const SimulatedMarket market = simulate_market(10500, 3, model);
  const std::vector<Span> spans = market.spans;
  const Sample train(market.bars, tiled(0, 50, spans));
  const Sample later(market.bars, tiled(5250, 50, spans));
  const auto all = trivial_predictors(train.set(), later.set());
  const double constant = precision_of(named(all, "base_rate").test_scores, later);
  const double range = precision_of(named(all, "range").test_scores, later);
  const double momentum = precision_of(named(all, "momentum").test_scores, later);
  EXPECT_GT(range, 1.5 * constant);
  EXPECT_GT(momentum, range);
  EXPECT_GT(momentum, 0.7);  // at this strength expansions are hardly to be missed
}

TEST(Trivial, NoLabelLeavesNoThreshold) {
  const SimulatedMarket market = simulate_market(500, 1);
  const Sample sample(market.bars, tiled(0, 4, {}));
  for (const TrivialPredictor& p : trivial_predictors(sample.set(), sample.set())) {
    EXPECT_TRUE(std::isnan(p.threshold)) << p.name;
    for (const float score : p.test_scores) ASSERT_TRUE(std::isfinite(score)) << p.name;
  }
}

TEST(Trivial, BadSetsAreNamed) {
  const SimulatedMarket market = simulate_market(500, 1);
  const Sample sample(market.bars, tiled(0, 4, {}));
  const std::vector<int> beyond = {0, 4}, none;
  WindowSet set = sample.set();
  set.chosen = beyond;
  expect_error([&] { trivial_predictors(set, sample.set()); }, {"window 4", "of 4"});
  set.chosen = none;
  expect_error([&] { trivial_predictors(set, sample.set()); }, {"no training window"});
  const std::vector<Window> fewer(sample.windows.begin(), sample.windows.begin() + 3);
  set = sample.set();
  set.windows = &fewer;
  expect_error([&] { trivial_predictors(set, sample.set()); }, {"3 windows", "dataset of 4"});
  const Dataset narrow = build_dataset(market.bars, sample.windows,
                                       {kWindowLength, {"range_z"}, FeatureMode::continuous},
                                       CountdownTarget::clipped);
  set = sample.set();
  set.dataset = &narrow;
  expect_error([&] { trivial_predictors(sample.set(), set); }, {"12 features", "1 features"});
}

}  // namespace
}  // namespace spanlab
