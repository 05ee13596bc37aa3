// The semi-Markov field against all sets of spans, one by one, and against sums of logarithms.
#include "spanlab/crf/semi_markov.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/crf/enumerate.h"

namespace spanlab {
namespace {

using testing::all_sets;
using testing::expect_slopes;
using testing::log_sum;
using testing::random_scores;
using testing::Scores;
using testing::SpanSet;

struct Size {
  int bars, kinds, longest;
};
// One bar; spans longer than the window; one kind; rows that fill up a multiple of four or not.
const std::vector<Size> kSizes{{1, 1, 1}, {1, 2, 4}, {3, 2, 7}, {5, 2, 2}, {6, 1, 6}, {6, 2, 4}};
// Small scores take the plain exponentials, large ones the logarithms.
const std::vector<double> kDeviations{0, 1, 8, 300};

SemiMarkov<double> model_of(const Scores& scores) {
  return {scores.bars, scores.kinds, scores.longest};
}

std::vector<double> marginals(const Scores& scores, double* log_z) {
  std::vector<double> inside(static_cast<size_t>(scores.bars * scores.kinds), -1);
  *log_z = model_of(scores).marginals(scores.bar.data(), scores.length.data(), inside.data());
  return inside;
}

/// A loss with its gradient.
struct Loss {
  double value = 0;
  std::vector<double> dbar, dlength;
};

Loss loss(const Scores& scores, const SpanSet& spans, const BoundarySmoothing& smoothing = {},
          const uint8_t* unknown = nullptr, double weight = 1) {
  Loss loss{0, std::vector<double>(scores.bar.size()), std::vector<double>(scores.length.size())};
  loss.value = model_of(scores).loss(scores.bar.data(), scores.length.data(), spans, smoothing,
                                     unknown, weight, loss.dbar.data(), loss.dlength.data());
  return loss;
}

void expect_gradient(Scores scores, const SpanSet& spans, const BoundarySmoothing& smoothing,
                     const uint8_t* unknown) {
  const Loss at = loss(scores, spans, smoothing, unknown);
  const auto value = [&] { return loss(scores, spans, smoothing, unknown).value; };
  expect_slopes(scores.bar, at.dbar, value);
  expect_slopes(scores.length, at.dlength, value);
}

template <class Use>
void for_each_case(Use&& use) {
  for (const Size& size : kSizes) {
    for (const double deviation : kDeviations) {
      SCOPED_TRACE(::testing::Message()
                   << size.bars << " bars, " << size.kinds << " kinds, longest " << size.longest
                   << ", deviation " << deviation);
      for (uint32_t index = 0; index < 3; ++index) {
        use(random_scores(size.bars, size.kinds, size.longest, deviation, index));
      }
    }
  }
}

TEST(SemiMarkov, SumsAndMarginalsAreThoseOfAllSets) {
  for_each_case([](const Scores& scores) {
    const std::vector<SpanSet> sets = all_sets(scores);
    const double expected = log_sum(scores, sets);
    std::vector<double> inside(static_cast<size_t>(scores.bars * scores.kinds));
    for (const SpanSet& set : sets) {
      const double p = std::exp(scores.of(set) - expected);
      for (const KindSpan& span : set) {
        for (int t = span.first; t <= span.last; ++t) {
          inside[static_cast<size_t>(t * scores.kinds + span.kind)] += p;
        }
      }
    }
    double log_z = 0;
    const std::vector<double> answer = marginals(scores, &log_z);
    EXPECT_NEAR(log_z, expected, 1e-12 * (10 + std::abs(expected)));
    for (size_t i = 0; i < inside.size(); ++i) EXPECT_NEAR(answer[i], inside[i], 1e-11) << i;
  });
}

TEST(SemiMarkov, EvenScoresCountTheSets) {
  // One kind, any length: f(T) = f(T-1) + sum of f(s), s < T, so 2, 5, 13, 34, ... (Fibonacci).
  const std::vector<int> counts{2, 5, 13, 34, 89, 233, 610};
  for (int bars = 1; bars <= 7; ++bars) {
    double log_z = 0;
    marginals(random_scores(bars, 1, bars, 0, 0), &log_z);
    EXPECT_NEAR(std::exp(log_z), counts[static_cast<size_t>(bars - 1)], 1e-10);
  }
}

TEST(SemiMarkov, SpansOfOneBarAreIndependentSigmoids) {
  const Scores scores = random_scores(9, 1, 1, 2, 5);
  double log_z = 0, expected = 0;
  const std::vector<double> inside = marginals(scores, &log_z);
  for (size_t t = 0; t < 9; ++t) {
    const double score =
        scores.bar[3 * t] + scores.bar[3 * t + 1] + scores.bar[3 * t + 2] + scores.length[0];
    EXPECT_NEAR(inside[t], 1 / (1 + std::exp(-score)), 1e-14);
    expected += std::log1p(std::exp(score));
  }
  EXPECT_NEAR(log_z, expected, 1e-12);
}

TEST(SemiMarkov, MarginalsAreSlopesOfTheSum) {
  for (const double deviation : {1.0, 90.0}) {
    Scores scores = random_scores(8, 2, 5, deviation, 2);
    double log_z = 0;
    const std::vector<double> inside = marginals(scores, &log_z);
    std::vector<double> gradient(scores.bar.size(), 0), values = scores.bar;
    const Loss nothing = loss(scores, {});
    for (size_t i = 0; i < inside.size(); ++i) EXPECT_NEAR(nothing.dbar[3 * i], inside[i], 1e-14);
    EXPECT_NEAR(nothing.value, log_z, 1e-12);
    expect_gradient(scores, {}, {}, nullptr);
  }
}

TEST(SemiMarkov, LikelihoodsOfAllSetsSumToOne) {
  for_each_case([](const Scores& scores) {
    const std::vector<SpanSet> sets = all_sets(scores);
    const double log_z = log_sum(scores, sets);
    double sum = 0;
    for (size_t i = 0; i < sets.size(); i += 1 + sets.size() / 50) {
      const double value = loss(scores, sets[i]).value;
      EXPECT_NEAR(value, log_z - scores.of(sets[i]), 1e-12 * (10 + std::abs(log_z)));
    }
    if (sets.size() > 500) return;
    for (const SpanSet& set : sets) sum += std::exp(-loss(scores, set).value);
    EXPECT_NEAR(sum, 1, 1e-10);
  });
}

TEST(SemiMarkov, Gradients) {
  const SpanSet spans{{0, 1, 1}, {2, 2, 0}, {5, 7, 0}};  // the first two touch
  const std::vector<uint8_t> unknown{0, 0, 1, 1, 1, 0, 1, 0, 1};
  for (const double deviation : {0.0, 1.0, 40.0}) {
    const Scores scores = random_scores(9, 2, 3, deviation, 3);
    for (const BoundarySmoothing& smoothing :
         {BoundarySmoothing{}, BoundarySmoothing{0.3, 1}, BoundarySmoothing{1, 2}}) {
      expect_gradient(scores, spans, smoothing, nullptr);
      expect_gradient(scores, spans, smoothing, unknown.data());
    }
  }
}

TEST(SemiMarkov, GradientIsAddedTimesItsWeight) {
  const Scores scores = random_scores(7, 2, 3, 1, 4);
  const SpanSet spans{{1, 2, 1}};
  const Loss once = loss(scores, spans);
  std::vector<double> dbar(scores.bar.size(), 5.0), dlength(scores.length.size(), -5.0);
  SemiMarkov<double> model = model_of(scores);
  for (int i = 0; i < 2; ++i) {
    const double value = model.loss(scores.bar.data(), scores.length.data(), spans, {}, nullptr,
                                    0.25, dbar.data(), dlength.data());
    EXPECT_EQ(value, once.value);  // the weight is the gradient's alone; nothing stays behind
  }
  for (size_t i = 0; i < dbar.size(); ++i) EXPECT_NEAR(dbar[i], 5 + 0.5 * once.dbar[i], 1e-14);
  for (size_t i = 0; i < dlength.size(); ++i) {
    EXPECT_NEAR(dlength[i], -5 + 0.5 * once.dlength[i], 1e-14);
  }
}

TEST(SemiMarkov, SmoothingIsTheMeanOverNeighbours) {
  const Scores scores = random_scores(6, 2, 3, 1, 6);
  // Of 1..2, one bar off: 0..2, 2..2, 1..1, 1..3; each is allowed.
  const auto value = [&](int first, int last) { return loss(scores, {{first, last, 1}}).value; };
  const double near = value(0, 2) + value(2, 2) + value(1, 1) + value(1, 3);
  EXPECT_NEAR(loss(scores, {{1, 2, 1}}, {0.2, 1}).value, 0.8 * value(1, 2) + 0.05 * near, 1e-12);
  // Of 0..2 the window cuts one and the longest span another.
  EXPECT_NEAR(loss(scores, {{0, 2, 1}}, {0.2, 1}).value,
              0.8 * value(0, 2) + 0.1 * (value(1, 2) + value(0, 1)), 1e-12);
  EXPECT_EQ(loss(scores, {{0, 2, 1}}, {0.2, 0}).value, value(0, 2));
  EXPECT_EQ(loss(scores, {{0, 2, 1}}, {0, 3}).value, value(0, 2));
}

TEST(SemiMarkov, SmoothingOfAnOnlySpanLeavesIt) {
  const Scores scores = random_scores(1, 1, 1, 1, 0);
  EXPECT_EQ(loss(scores, {{0, 0, 0}}, {0.5, 2}).value, loss(scores, {{0, 0, 0}}).value);
}

// The sets that are `spans` and else lie in unknown bars outside them.
std::vector<SpanSet> allowed_sets(const Scores& scores, const SpanSet& spans,
                                  std::vector<uint8_t> unknown) {
  for (const KindSpan& span : spans) {
    for (int t = span.first; t <= span.last; ++t) unknown[static_cast<size_t>(t)] = 0;
  }
  std::vector<SpanSet> allowed;
  for (const SpanSet& set : all_sets(scores)) {
    size_t given = 0;
    bool fine = true;
    for (const KindSpan& span : set) {
      if (std::find(spans.begin(), spans.end(), span) != spans.end()) {
        ++given;
        continue;
      }
      for (int t = span.first; t <= span.last; ++t) fine &= unknown[static_cast<size_t>(t)] == 1;
    }
    if (fine && given == spans.size()) allowed.push_back(set);
  }
  return allowed;
}

TEST(SemiMarkov, UnknownBarsMayHoldAnything) {
  for (const double deviation : {1.0, 300.0}) {
    const Scores scores = random_scores(7, 2, 3, deviation, 8);
    const double log_z = log_sum(scores, all_sets(scores));
    const std::vector<std::vector<uint8_t>> masks{
        {0, 0, 0, 0, 0, 0, 0}, {1, 1, 0, 0, 0, 0, 1}, {0, 0, 1, 0, 1, 1, 0}, {1, 1, 1, 1, 1, 1, 1}};
    for (const std::vector<uint8_t>& unknown : masks) {
      for (const SpanSet& spans : {SpanSet{}, SpanSet{{2, 3, 1}}, SpanSet{{2, 2, 0}, {3, 3, 0}}}) {
        const double expected = log_z - log_sum(scores, allowed_sets(scores, spans, unknown));
        EXPECT_NEAR(loss(scores, spans, {}, unknown.data()).value, expected,
                    1e-12 * (10 + std::abs(log_z)));
      }
    }
  }
}

TEST(SemiMarkov, WindowOfUnknownBarsTeachesNothing) {
  for (const double deviation : {1.0, 300.0}) {
    const Scores scores = random_scores(20, 2, 5, deviation, 9);
    const std::vector<uint8_t> unknown(20, 1);
    const Loss none = loss(scores, {}, {0.1, 2}, unknown.data());
    EXPECT_EQ(none.value, 0);
    for (const double slope : none.dbar) EXPECT_EQ(slope, 0);
    for (const double slope : none.dlength) EXPECT_EQ(slope, 0);
  }
}

TEST(SemiMarkov, BestIsTheBestOfAllSets) {
  for_each_case([](const Scores& scores) {
    for (const double offset : {-1.5, 0.0, 2.0}) {
      const SpanSet best = model_of(scores).best(scores.bar.data(), scores.length.data(), offset);
      const auto value = [&](const SpanSet& set) {
        return scores.of(set) + offset * static_cast<double>(set.size());
      };
      double highest = 0;
      for (const SpanSet& set : all_sets(scores)) highest = std::max(highest, value(set));
      EXPECT_NEAR(value(best), highest, 1e-12 * (10 + highest));
      for (size_t i = 1; i < best.size(); ++i) EXPECT_LT(best[i - 1].last, best[i].first);
    }
  });
}

TEST(SemiMarkov, TiesAreLeftOut) {
  Scores scores = random_scores(5, 2, 3, 0, 0);
  SemiMarkov<double> model = model_of(scores);
  const auto best = [&](double offset) {
    return model.best(scores.bar.data(), scores.length.data(), offset);
  };
  EXPECT_EQ(best(0), SpanSet{});  // all sets score 0
  EXPECT_EQ(best(1).size(), 5u);  // as many spans as there are bars, of the first kind
  EXPECT_EQ(best(1)[2], (KindSpan{2, 2, 0}));
  scores.bar[2 * 6 + 3] = 1;                 // bar 2 in the second kind
  EXPECT_EQ(best(0), (SpanSet{{2, 2, 1}}));  // no longer than it must be
  EXPECT_EQ(best(-1), SpanSet{});
}

// log Z by the plain recursion on logarithms, spans' scores summed anew.
double log_sum_by_recursion(const Scores& scores) {
  std::vector<double> before{0};
  for (int t = 0; t < scores.bars; ++t) {
    std::vector<double> terms{before.back()};
    for (int first = t; first >= 0 && t - first < scores.longest; --first) {
      for (int kind = 0; kind < scores.kinds; ++kind) {
        terms.push_back(before[static_cast<size_t>(first)] + scores.of(KindSpan{first, t, kind}));
      }
    }
    before.push_back(testing::log_sum_exp(terms));
  }
  return before.back();
}

TEST(SemiMarkov, ScoresOfAnySize) {
  for (const double deviation : {0.1, 3.0, 10.0, 15.0, 20.0, 100.0, 1e4}) {
    for (const double shift : {-500.0, 0.0, 500.0}) {
      SCOPED_TRACE(::testing::Message() << deviation << " around " << shift);
      Scores scores = random_scores(105, 2, 16, deviation, 1);
      for (double& score : scores.bar) score += shift * (deviation > 15);
      const double expected = log_sum_by_recursion(scores);
      double log_z = 0;
      const std::vector<double> inside = marginals(scores, &log_z);
      EXPECT_NEAR(log_z, expected, 1e-12 * (10 + std::abs(expected)));
      for (size_t i = 0; i < inside.size(); i += 2) {
        EXPECT_GE(inside[i], 0);
        EXPECT_LE(inside[i] + inside[i + 1], 1 + 1e-9);
      }
    }
  }
}

TEST(SemiMarkov, BothWaysOfSummingAgree) {
  // A score that is far too low for any span to use it sends the sums to the logarithms.
  for (const double deviation : {0.5, 5.0, 15.0}) {
    Scores scores = random_scores(60, 2, 9, deviation, 11);
    for (size_t c = 0; c < 3; ++c) scores.bar[c] = -300;
    double plain = 0, in_logs = 0;
    const std::vector<double> a = marginals(scores, &plain);
    for (size_t c = 0; c < 3; ++c) scores.bar[c] = -3000;
    const std::vector<double> b = marginals(scores, &in_logs);
    EXPECT_NEAR(plain, in_logs, 1e-12 * plain);
    for (size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-12) << i;
  }
}

TEST(SemiMarkov, MinusInfinityForbids) {
  constexpr double kForbidden = -std::numeric_limits<double>::infinity();
  Scores scores = random_scores(6, 1, 3, 1, 12);
  scores.length[0] = kForbidden;
  scores.bar[3 * 4] = kForbidden;  // no span over bar 4, so none over 5 either
  double log_z = 0;
  const std::vector<double> inside = marginals(scores, &log_z);
  std::vector<SpanSet> allowed;
  for (const SpanSet& set : all_sets(scores)) {
    if (std::isfinite(scores.of(set))) allowed.push_back(set);
  }
  EXPECT_NEAR(log_z, log_sum(scores, allowed), 1e-12);
  EXPECT_EQ(inside[4], 0);
  EXPECT_NEAR(inside[5], 0, 1e-15);
  EXPECT_GT(inside[1], 0.01);
}

TEST(SemiMarkov, NotANumberShows) {
  for (const double deviation : {1.0, 300.0}) {
    Scores scores = random_scores(8, 1, 3, deviation, 13);
    scores.bar[9] = std::nan("");
    double log_z = 0;
    marginals(scores, &log_z);
    EXPECT_TRUE(std::isnan(log_z));
    EXPECT_TRUE(std::isnan(loss(scores, {}).value));
  }
}

TEST(SemiMarkov, FloatsAreStorageOnly) {
  const Scores scores = random_scores(105, 2, 16, 1, 14);
  const std::vector<float> bar(scores.bar.begin(), scores.bar.end());
  const std::vector<float> length(scores.length.begin(), scores.length.end());
  Scores rounded = scores;
  rounded.bar.assign(bar.begin(), bar.end());
  rounded.length.assign(length.begin(), length.end());
  SemiMarkov<float> model(105, 2, 16);
  std::vector<float> inside(210);
  double log_z = 0;
  const std::vector<double> expected = marginals(rounded, &log_z);
  EXPECT_EQ(model.marginals(bar.data(), length.data(), inside.data()), log_z);
  for (size_t i = 0; i < 210; ++i) EXPECT_EQ(inside[i], static_cast<float>(expected[i]));
}

}  // namespace
}  // namespace spanlab
