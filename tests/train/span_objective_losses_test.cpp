// The span task's loss under each setting against the losses that it is made of.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "spanlab/loss/binary_cross_entropy.h"
#include "spanlab/loss/focal.h"
#include "spanlab/loss/pu_risk.h"
#include "spanlab/loss/tversky.h"
#include "spanlab/recipe/jade_config.h"
#include "spanlab/train/span_objective.h"

namespace spanlab {
namespace {

constexpr int kBars = 20;
constexpr size_t kBarsOf = 20;

/// Three windows: one span; two spans and complete; none.
Dataset three_windows() {
  Dataset data;
  data.windows = 3;
  data.length = kBars;
  data.spans = {{{8, 10, Direction::up}}, {{0, 2, Direction::down}, {12, 15, Direction::up}}, {}};
  data.complete = {0, 1, 0};
  data.mask.assign(3 * kBarsOf, 0);
  for (size_t w = 0; w < 3; ++w) {
    for (const DirectedSpan& span : data.spans[w]) {
      const auto first = data.mask.begin() + static_cast<ptrdiff_t>(w * kBarsOf);
      std::fill(first + span.start, first + span.end + 1, 1.0f);
    }
  }
  return data;
}

struct Answer {
  double loss = 0;
  std::vector<float> span, scores, shared;  // gradients
};

class Objective : public ::testing::Test {
 protected:
  const Dataset data_ = three_windows();
  LossConfig loss_;
  ModelConfig model_;
  std::vector<int> windows_{0, 1, 2};
  std::vector<uint8_t> mirrored_{0, 0, 0};

  JadeConfig config() const { return jade_config(model_, kBars, 3); }

  JadeOutput<float> random_output() const {
    JadeOutput<float> out;
    out.resize(static_cast<int>(windows_.size()), config());
    RandomStream stream(17, Purpose::parameter_init);
    for (float& p : out.span) p = static_cast<float>(stream.uniform(0.05, 0.95));
    for (float& v : out.span_scores) v = static_cast<float>(stream.normal());
    for (float& v : out.span_shared) v = static_cast<float>(stream.normal());
    return out;
  }

  Answer answer(const JadeOutput<float>& out) const {
    ThreadPool pool(1);
    SpanObjective objective(loss_, config(), data_);
    std::vector<WindowView> views;
    for (const uint8_t mirrored : mirrored_) views.push_back({mirrored != 0, 0});
    objective.gather(windows_, views);
    JadeOutput<float> d;
    d.resize(static_cast<int>(windows_.size()), config());
    const double loss = objective(pool, out, d);
    return {loss, d.span, d.span_scores, d.span_shared};
  }

  /// The slopes of the loss in p are those that it states, at a few bars of every window.
  void expect_slopes(JadeOutput<float> out) const {
    const Answer at = answer(out);
    for (size_t i = 0; i < out.span.size(); i += 3) {
      const float before = out.span[i];
      const float above = before + 0.004f, below = before - 0.004f;
      out.span[i] = above;
      const double up = answer(out).loss;
      out.span[i] = below;
      const double down = answer(out).loss;
      out.span[i] = before;
      const double slope = (up - down) / (static_cast<double>(above) - static_cast<double>(below));
      EXPECT_NEAR(static_cast<double>(at.span[i]), slope, 2e-2 * std::abs(slope) + 1e-5) << i;
    }
  }

  /// The bars whose gradient is 0, of window `w`.
  static std::vector<int> silent_bars(const std::vector<float>& gradient, size_t w) {
    std::vector<int> bars;
    for (size_t t = 0; t < kBarsOf; ++t) {
      if (gradient[w * kBarsOf + t] == 0) bars.push_back(static_cast<int>(t));
    }
    return bars;
  }
};

TEST_F(Objective, CrossEntropyOfAllBarsIsTheDefault) {
  loss_.span_pos_weight = 3;
  windows_ = {2, 0};
  mirrored_ = {1, 0};  // bars do not care
  const JadeOutput<float> out = random_output();
  std::vector<float> mask(2 * kBarsOf, 0), gradient(2 * kBarsOf);
  std::fill(mask.begin() + 28, mask.begin() + 31, 1.0f);
  const Answer at = answer(out);
  EXPECT_EQ(at.loss, binary_cross_entropy(40, out.span.data(), mask.data(), 3, gradient.data()));
  EXPECT_EQ(at.span, gradient);
}

TEST_F(Objective, FocalAndDice) {
  const JadeOutput<float> out = random_output();
  const float *p = out.span.data(), *y = data_.mask.data();
  std::vector<float> gradient(60), second(60);
  loss_.span_loss = SpanLoss::focal;
  loss_.focal_gamma = 1.5;
  loss_.span_pos_weight = 2;
  Answer at = answer(out);
  EXPECT_EQ(at.loss, focal(60, p, y, 2.0, 1.5, gradient.data()));
  EXPECT_EQ(at.span, gradient);
  expect_slopes(out);

  loss_.span_loss = SpanLoss::dice;
  at = answer(out);
  const double entropy = binary_cross_entropy(60, p, y, 2.0, gradient.data());
  const double dice = tversky(60, p, y, TverskyWeights{}, second.data());
  EXPECT_NEAR(at.loss, (entropy + dice) / 2, 1e-12);
  for (size_t i = 0; i < 60; ++i) EXPECT_NEAR(at.span[i], (gradient[i] + second[i]) / 2, 1e-7);
  expect_slopes(out);
}

TEST_F(Objective, IgnoredBarsAreThoseFarFromTheSpansOfIncompleteWindows) {
  loss_.unlabelled = Unlabelled::ignored;
  const JadeOutput<float> out = random_output();
  const Answer at = answer(out);
  // Span 8..10 and 5 bars on either side are known.
  EXPECT_EQ(silent_bars(at.span, 0), (std::vector<int>{0, 1, 2, 16, 17, 18, 19}));
  EXPECT_TRUE(silent_bars(at.span, 1).empty());  // complete
  EXPECT_EQ(silent_bars(at.span, 2).size(), kBarsOf);
  std::vector<uint8_t> known(60, 1);
  for (const size_t t : {0, 1, 2, 16, 17, 18, 19}) known[t] = 0;
  std::fill(known.begin() + 40, known.end(), uint8_t{0});
  std::vector<float> gradient(60);
  EXPECT_EQ(at.loss, known_cross_entropy(60, out.span.data(), data_.mask.data(), known.data(), 1.0,
                                         gradient.data()));
  EXPECT_EQ(at.span, gradient);
  // A batch in which nothing is known costs nothing.
  windows_ = {2};
  mirrored_ = {0};
  EXPECT_EQ(answer(random_output()).loss, 0);
}

TEST_F(Objective, PositiveUnlabelledIsAMeanOverWindows) {
  loss_.unlabelled = Unlabelled::positive_unlabelled;
  loss_.span_prior = 0.2;
  const JadeOutput<float> out = random_output();
  const Answer at = answer(out);
  std::vector<float> gradient(kBarsOf);
  double sum = 0;
  for (size_t w = 0; w < 3; ++w) {
    const float *p = out.span.data() + w * kBarsOf, *y = data_.mask.data() + w * kBarsOf;
    sum += w == 1 ? binary_cross_entropy(kBars, p, y, 1.0, gradient.data())
                  : pu_risk(kBars, p, y, 0.2, gradient.data());
    for (size_t t = 0; t < kBarsOf; ++t) {
      EXPECT_NEAR(at.span[w * kBarsOf + t], gradient[t] / 3, 1e-7) << w << " " << t;
    }
  }
  EXPECT_NEAR(at.loss, sum / 3, 1e-12);
  expect_slopes(out);
}

TEST_F(Objective, SmoothingBlursTheMask) {
  loss_.boundary_mass = 0.5;
  loss_.boundary_radius = 1;
  JadeOutput<float> out = random_output();
  std::fill(out.span.begin(), out.span.end(), 0.5f);
  const Answer at = answer(out);
  // At p = 1/2 the slope of bar t is (2 - 4 y) / 60. Of span 8..10 the neighbours are 7..10, 9..10,
  // 8..9 and 8..11, an eighth each: bars 7 and 11 lie in one of them, bars 8 and 10 not in one.
  const auto target = [&](size_t bar) { return (2 - 60 * static_cast<double>(at.span[bar])) / 4; };
  EXPECT_NEAR(target(6), 0, 1e-6);
  EXPECT_NEAR(target(7), 0.125, 1e-6);
  EXPECT_NEAR(target(8), 0.875, 1e-6);
  EXPECT_NEAR(target(9), 1, 1e-6);
  EXPECT_NEAR(target(10), 0.875, 1e-6);
  EXPECT_NEAR(target(11), 0.125, 1e-6);
  EXPECT_NEAR(target(12), 0, 1e-6);
}

class Structured : public Objective, public ::testing::WithParamInterface<SpanHead> {};

TEST_P(Structured, IsTheLossOfTheSpansAndTheirKinds) {
  model_.span_head = GetParam();
  model_.longest_span = 6;
  mirrored_ = {0, 1, 1};
  const JadeOutput<float> out = random_output();
  const Answer at = answer(out);
  // Upward spans are of kind 0; in the mirror kinds change places.
  const StructuredTargets targets{{{{8, 10, 0}}, {{0, 2, 0}, {12, 15, 1}}, {}}, {}};
  ThreadPool pool(1);
  std::vector<float> dscores(out.span_scores.size()), dshared(out.span_shared.size());
  StructuredSpanLoss loss(config().span_model(), {});
  EXPECT_EQ(at.loss, loss(pool, 3, out.span_scores.data(), out.span_shared.data(), targets,
                          dscores.data(), dshared.data()));
  EXPECT_EQ(at.scores, dscores);
  EXPECT_EQ(at.shared, dshared);
  mirrored_ = {0, 0, 1};
  EXPECT_NE(answer(out).loss, at.loss);
  mirrored_ = {0, 1, 0};  // a window without spans has no kinds
  EXPECT_EQ(answer(out).loss, at.loss);
}

TEST_P(Structured, IgnoredBarsMayHoldAnything) {
  model_.span_head = GetParam();
  const JadeOutput<float> out = random_output();
  const double all_known = answer(out).loss;
  loss_.unlabelled = Unlabelled::ignored;
  if (GetParam() == SpanHead::one_span) {
    EXPECT_EQ(answer(out).loss, all_known);
    return;
  }
  EXPECT_LT(answer(out).loss, all_known);
  windows_ = {1};  // complete
  mirrored_ = {0};
  const JadeOutput<float> one = random_output();
  const double ignored = answer(one).loss;
  loss_.unlabelled = Unlabelled::negative;
  EXPECT_EQ(answer(one).loss, ignored);
}

INSTANTIATE_TEST_SUITE_P(Heads, Structured,
                         ::testing::Values(SpanHead::semi_markov, SpanHead::one_span,
                                           SpanHead::linear_chain));

}  // namespace
}  // namespace spanlab
