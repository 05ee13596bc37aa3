// Three structured models behind one interface: each answers as the model itself.
#include "spanlab/crf/span_model.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/crf/enumerate.h"

namespace spanlab {
namespace {

using testing::expect_slopes;
using testing::SpanSet;

constexpr SpanStructure kAll[] = {SpanStructure::semi_markov, SpanStructure::one_span,
                                  SpanStructure::linear_chain};

/// A window's scores for a model of any structure.
struct Window {
  SpanModelConfig config;
  std::vector<double> bar, shared;

  size_t bars() const { return static_cast<size_t>(config.bars); }
};

Window random_window(SpanStructure structure, int bars, int longest, double deviation = 1) {
  Window window{{structure, bars, longest}, {}, {}};
  RandomStream stream(11, Purpose::parameter_init, 0, 1);
  window.bar.resize(window.bars() * static_cast<size_t>(window.config.columns()));
  window.shared.resize(static_cast<size_t>(window.config.shared_scores()));
  for (double& value : window.bar) value = deviation * stream.normal();
  for (double& value : window.shared) value = deviation * stream.normal();
  return window;
}

struct Loss {
  double value = 0;
  std::vector<double> dbar, dshared;
};

Loss loss(const Window& window, const SpanSet& spans, const BoundarySmoothing& smoothing = {},
          const uint8_t* unknown = nullptr, double weight = 1) {
  Loss loss{0, std::vector<double>(window.bar.size()), std::vector<double>(window.shared.size())};
  loss.value = SpanModel<double>(window.config)
                   .loss(window.bar.data(), window.shared.data(), spans, smoothing, unknown, weight,
                         loss.dbar.data(), loss.dshared.data());
  return loss;
}

std::vector<double> marginals(const Window& window) {
  std::vector<double> inside(window.bars(), -1);
  SpanModel<double>(window.config)
      .marginals(window.bar.data(), window.shared.data(), inside.data());
  return inside;
}

std::vector<KindSpan> best(const Window& window) {
  return SpanModel<double>(window.config).best(window.bar.data(), window.shared.data());
}

void expect_equal(const Loss& a, const Loss& b) {
  EXPECT_EQ(a.value, b.value);
  EXPECT_EQ(a.dbar, b.dbar);
  EXPECT_EQ(a.dshared, b.dshared);
}

TEST(SpanModel, CountsOfScores) {
  const SpanModelConfig semi{SpanStructure::semi_markov, 105, 16};
  EXPECT_EQ(semi.columns(), 6);  // inside, start and end of two kinds
  EXPECT_EQ(semi.shared_scores(), 16);
  const SpanModelConfig one{SpanStructure::one_span, 105, 20};
  EXPECT_EQ(one.columns(), 6);
  EXPECT_EQ(one.shared_scores(), 20);
  const SpanModelConfig chain{SpanStructure::linear_chain, 105, 16};
  EXPECT_EQ(chain.columns(), 3);         // outside and two kinds
  EXPECT_EQ(chain.shared_scores(), 15);  // 3 x 3 transitions, 3 starts, 3 ends
}

TEST(SpanModel, SemiMarkovAnswersAsItself) {
  const Window window = random_window(SpanStructure::semi_markov, 9, 4);
  SemiMarkov<double> model(9, kSpanKinds, 4);
  std::vector<double> kinds(18);
  model.marginals(window.bar.data(), window.shared.data(), kinds.data());
  const std::vector<double> inside = marginals(window);
  for (size_t t = 0; t < 9; ++t) EXPECT_EQ(inside[t], kinds[2 * t] + kinds[2 * t + 1]) << t;

  const SpanSet spans{{1, 2, 0}, {5, 8, 1}};
  const std::vector<uint8_t> unknown{1, 0, 0, 1, 1, 0, 0, 0, 0};
  Loss plain{0, std::vector<double>(54), std::vector<double>(4)};
  plain.value =
      model.loss(window.bar.data(), window.shared.data(), spans, BoundarySmoothing{0.2, 1},
                 unknown.data(), 1, plain.dbar.data(), plain.dshared.data());
  expect_equal(loss(window, spans, {0.2, 1}, unknown.data()), plain);
  EXPECT_EQ(best(window), model.best(window.bar.data(), window.shared.data(), 0));
}

TEST(SpanModel, OneSpanAnswersAsItselfAndKnowsNoUnknownBars) {
  const Window window = random_window(SpanStructure::one_span, 9, 4);
  OneSpan<double> model(9, kSpanKinds, 4);
  std::vector<double> kinds(18);
  model.marginals(window.bar.data(), window.shared.data(), kinds.data());
  const std::vector<double> inside = marginals(window);
  for (size_t t = 0; t < 9; ++t) EXPECT_EQ(inside[t], kinds[2 * t] + kinds[2 * t + 1]) << t;

  const std::vector<uint8_t> unknown(9, 1);
  for (const SpanSet& spans : {SpanSet{}, SpanSet{{2, 4, 1}}, SpanSet{{0, 1, 0}, {5, 8, 1}}}) {
    Loss plain{0, std::vector<double>(54), std::vector<double>(4)};
    plain.value = model.loss(window.bar.data(), window.shared.data(), spans,
                             BoundarySmoothing{0.2, 1}, 1, plain.dbar.data(), plain.dshared.data());
    expect_equal(loss(window, spans, {0.2, 1}, unknown.data()), plain);
  }
  EXPECT_EQ(best(window), model.best(window.bar.data(), window.shared.data(), 0));
}

TEST(SpanModel, LinearChainTagsTheBarsOfSpans) {
  const Window window = random_window(SpanStructure::linear_chain, 8, 2);
  LinearChain<double> model(8, 3);
  std::vector<double> tags(24);
  model.marginals(window.bar.data(), window.shared.data(), tags.data());
  const std::vector<double> inside = marginals(window);
  for (size_t t = 0; t < 8; ++t) EXPECT_NEAR(inside[t], 1 - tags[3 * t], 1e-12) << t;

  const auto of_tags = [&](const std::vector<int>& truth) {
    Loss plain{0, std::vector<double>(24), std::vector<double>(15)};
    plain.value = model.loss(window.bar.data(), window.shared.data(), truth.data(), 1,
                             plain.dbar.data(), plain.dshared.data());
    return plain;
  };
  // Spans of 4 bars, though D = 2: a chain has no longest span.
  const SpanSet spans{{1, 4, 0}, {6, 6, 1}};
  expect_equal(loss(window, spans), of_tags({0, 1, 1, 1, 1, 0, 2, 0}));
  // A bar of a given span is known, whatever stands there.
  const std::vector<uint8_t> unknown{1, 1, 0, 0, 0, 0, 0, 1};
  expect_equal(loss(window, spans, {}, unknown.data()), of_tags({-1, 1, 1, 1, 1, 0, 2, -1}));
  // Nothing stays of one call for the next.
  SpanModel<double> twice(window.config);
  std::vector<double> dbar(24), dshared(15);
  const auto value = [&](const SpanSet& of) {
    return twice.loss(window.bar.data(), window.shared.data(), of, {}, nullptr, 1, dbar.data(),
                      dshared.data());
  };
  value(spans);
  EXPECT_EQ(value({}), of_tags(std::vector<int>(8, 0)).value);
}

TEST(SpanModel, BestSpansOfAChainAreItsRunsOfTags) {
  Window window = random_window(SpanStructure::linear_chain, 8, 8, 0);
  const std::vector<int> wanted{1, 1, 2, 0, 2, 2, 0, 1};
  for (size_t t = 0; t < 8; ++t) window.bar[3 * t + static_cast<size_t>(wanted[t])] = 9;
  EXPECT_EQ(best(window), (SpanSet{{0, 1, 0}, {2, 2, 1}, {4, 5, 1}, {7, 7, 0}}));
  for (size_t t = 0; t < 8; ++t) window.bar[3 * t] = 20;
  EXPECT_TRUE(best(window).empty());
}

TEST(SpanModel, BestSpansAreProbable) {
  // One clear span of kind 1 in bars 3..5.
  for (const SpanStructure structure : {SpanStructure::semi_markov, SpanStructure::one_span}) {
    Window window = random_window(structure, 10, 6, 0);
    for (size_t t = 0; t < 10; ++t) {
      for (size_t kind = 0; kind < 2; ++kind) {
        window.bar[t * 6 + kind * 3] = -3;
        window.bar[t * 6 + kind * 3 + 1] = -2;  // a start costs: one span, not three that touch
      }
    }
    for (size_t t = 3; t <= 5; ++t) window.bar[t * 6 + 3] = 3;
    EXPECT_EQ(best(window), (SpanSet{{3, 5, 1}}));
    const std::vector<double> inside = marginals(window);
    for (size_t t = 0; t < 10; ++t) {
      EXPECT_EQ(inside[t] > 0.5, t >= 3 && t <= 5) << t;
    }
  }
}

TEST(SpanModel, LongSpansCountByTheirFirstBars) {
  for (const SpanStructure structure : {SpanStructure::semi_markov, SpanStructure::one_span}) {
    const Window window = random_window(structure, 10, 3);
    const Loss whole = loss(window, {{2, 8, 1}});
    expect_equal(whole, loss(window, {{2, 4, 1}}));
    EXPECT_NE(whole.value, loss(window, {{2, 3, 1}}).value);
    // What hangs over is outside, so a span behind it stays disjoint.
    const SpanSet behind{{2, 7, 1}, {8, 9, 0}}, cut{{2, 4, 1}, {8, 9, 0}};
    expect_equal(loss(window, behind), loss(window, cut));
  }
}

TEST(SpanModel, MarginalsAreProbabilitiesWhateverTheScores) {
  for (const SpanStructure structure : kAll) {
    for (const double deviation : {0.0, 1.0, 30.0, 1e4}) {
      const Window window = random_window(structure, 20, 7, deviation);
      for (const double p : marginals(window)) {
        EXPECT_GE(p, 0);
        EXPECT_LE(p, 1);
      }
      SpanModel<float> narrow(window.config);
      const std::vector<float> bar(window.bar.begin(), window.bar.end());
      const std::vector<float> shared(window.shared.begin(), window.shared.end());
      std::vector<float> inside(window.bars());
      narrow.marginals(bar.data(), shared.data(), inside.data());
      for (const float p : inside) {
        EXPECT_GE(p, 0);
        EXPECT_LE(p, 1);
      }
    }
  }
}

TEST(SpanModel, Gradients) {
  const std::vector<uint8_t> unknown{1, 0, 0, 0, 0, 0, 1, 1};
  for (const SpanStructure structure : kAll) {
    SCOPED_TRACE(static_cast<int>(structure));
    Window window = random_window(structure, 8, 3);
    for (const SpanSet& spans : {SpanSet{}, SpanSet{{1, 5, 1}}, SpanSet{{1, 2, 0}, {4, 5, 1}}}) {
      for (const uint8_t* flags : {static_cast<const uint8_t*>(nullptr), unknown.data()}) {
        const Loss at = loss(window, spans, {0.3, 1}, flags);
        const auto value = [&] { return loss(window, spans, {0.3, 1}, flags).value; };
        expect_slopes(window.bar, at.dbar, value);
        expect_slopes(window.shared, at.dshared, value);
      }
    }
  }
}

TEST(SpanModel, GradientIsAddedTimesItsWeight) {
  for (const SpanStructure structure : kAll) {
    const Window window = random_window(structure, 7, 3);
    const SpanSet spans{{1, 2, 1}};
    const Loss once = loss(window, spans);
    std::vector<double> dbar(window.bar.size(), 2.0), dshared(window.shared.size(), 3.0);
    SpanModel<double> model(window.config);
    EXPECT_EQ(model.loss(window.bar.data(), window.shared.data(), spans, {}, nullptr, 0.25,
                         dbar.data(), dshared.data()),
              once.value);
    for (size_t i = 0; i < dbar.size(); ++i) EXPECT_NEAR(dbar[i], 2 + once.dbar[i] / 4, 1e-14);
    for (size_t i = 0; i < dshared.size(); ++i) {
      EXPECT_NEAR(dshared[i], 3 + once.dshared[i] / 4, 1e-14);
    }
  }
}

}  // namespace
}  // namespace spanlab
