// The softmax over the spans of a window against the spans one by one.
#include "spanlab/crf/one_span.h"

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
const std::vector<Size> kSizes{{1, 1, 1}, {1, 2, 4}, {3, 2, 7}, {6, 1, 6}, {7, 2, 3}};

OneSpan<double> model_of(const Scores& scores) {
  return {scores.bars, scores.kinds, scores.longest};
}

// No span, and each span alone.
std::vector<SpanSet> all_answers(const Scores& scores) {
  std::vector<SpanSet> answers = all_sets(scores);
  std::erase_if(answers, [](const SpanSet& set) { return set.size() > 1; });
  return answers;
}

std::vector<double> marginals(const Scores& scores, double* log_z,
                              ExpectedSpan* expected = nullptr) {
  std::vector<double> inside(static_cast<size_t>(scores.bars * scores.kinds), -1);
  *log_z =
      model_of(scores).marginals(scores.bar.data(), scores.length.data(), inside.data(), expected);
  return inside;
}

struct Loss {
  double value = 0;
  std::vector<double> dbar, dlength;
};

Loss loss(const Scores& scores, const SpanSet& spans, const BoundarySmoothing& smoothing = {},
          double weight = 1) {
  Loss loss{0, std::vector<double>(scores.bar.size()), std::vector<double>(scores.length.size())};
  loss.value = model_of(scores).loss(scores.bar.data(), scores.length.data(), spans, smoothing,
                                     weight, loss.dbar.data(), loss.dlength.data());
  return loss;
}

TEST(OneSpan, SumMarginalsAndMomentsAreThoseOfAllSpans) {
  for (const Size& size : kSizes) {
    for (const double deviation : {0.0, 1.0, 20.0, 500.0}) {
      SCOPED_TRACE(::testing::Message() << size.bars << " bars, deviation " << deviation);
      const Scores scores = random_scores(size.bars, size.kinds, size.longest, deviation, 1);
      const std::vector<SpanSet> answers = all_answers(scores);
      const double log_sum_of_all = log_sum(scores, answers);
      std::vector<double> inside(static_cast<size_t>(size.bars * size.kinds));
      std::vector<SpanSet> present = answers;
      std::erase_if(present, [](const SpanSet& set) { return set.empty(); });
      const double log_present = log_sum(scores, present);
      double center = 0, length = 0;
      for (const SpanSet& set : present) {
        const KindSpan& span = set[0];
        const double p = std::exp(scores.of(set) - log_sum_of_all);
        const double given = std::exp(scores.of(set) - log_present);
        for (int t = span.first; t <= span.last; ++t) {
          inside[static_cast<size_t>(t * size.kinds + span.kind)] += p;
        }
        center += given * (span.first + span.last) / 2;
        length += given * (span.last - span.first + 1);
      }
      double log_z = 0;
      ExpectedSpan expected;
      const std::vector<double> answer = marginals(scores, &log_z, &expected);
      EXPECT_NEAR(log_z, log_sum_of_all, 1e-12 * (10 + std::abs(log_sum_of_all)));
      for (size_t i = 0; i < inside.size(); ++i) EXPECT_NEAR(answer[i], inside[i], 1e-11) << i;
      EXPECT_NEAR(expected.present, std::exp(log_present - log_sum_of_all), 1e-11);
      EXPECT_NEAR(expected.center, center, 1e-10);
      EXPECT_NEAR(expected.length, length, 1e-10);
    }
  }
}

TEST(OneSpan, EvenScoresCountTheSpans) {
  // 105 bars, any length: 105 * 106 / 2 = 5565 spans, and none.
  Scores scores = random_scores(105, 1, 105, 0, 0);
  double log_z = 0;
  ExpectedSpan expected;
  const std::vector<double> inside = marginals(scores, &log_z, &expected);
  EXPECT_NEAR(log_z, std::log(5566.0), 1e-12);
  EXPECT_NEAR(expected.present, 5565.0 / 5566, 1e-12);
  EXPECT_NEAR(expected.center, 52, 1e-10);
  EXPECT_NEAR(expected.length, 107.0 / 3, 1e-10);    // (T + 2) / 3
  EXPECT_NEAR(inside[10], 11.0 * 95 / 5566, 1e-12);  // (t + 1) (T - t) spans hold bar t
  EXPECT_NEAR(loss(scores, {{3, 9, 0}}).value, log_z, 1e-12);
  EXPECT_NEAR(loss(scores, {}).value, log_z, 1e-12);
  // Two kinds of at most 16 bars: 2 (16 * 105 - 15 * 16 / 2) = 3120.
  scores = random_scores(105, 2, 16, 0, 0);
  marginals(scores, &log_z);
  EXPECT_NEAR(log_z, std::log(3121.0), 1e-12);
}

TEST(OneSpan, LikelihoodsSumToOne) {
  const Scores scores = random_scores(7, 2, 4, 2, 2);
  double sum = 0;
  for (const SpanSet& answer : all_answers(scores)) sum += std::exp(-loss(scores, answer).value);
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(OneSpan, Gradients) {
  for (const double deviation : {0.0, 1.0, 40.0}) {
    Scores scores = random_scores(8, 2, 4, deviation, 3);
    for (const SpanSet& spans : {SpanSet{}, SpanSet{{2, 4, 1}}, SpanSet{{0, 0, 1}, {3, 6, 0}}}) {
      for (const BoundarySmoothing& smoothing :
           {BoundarySmoothing{}, BoundarySmoothing{0.4, 2}, BoundarySmoothing{1, 1}}) {
        const Loss at = loss(scores, spans, smoothing);
        const auto value = [&] { return loss(scores, spans, smoothing).value; };
        expect_slopes(scores.bar, at.dbar, value);
        expect_slopes(scores.length, at.dlength, value);
      }
    }
  }
}

TEST(OneSpan, GradientIsAddedTimesItsWeight) {
  const Scores scores = random_scores(6, 2, 3, 1, 4);
  const SpanSet spans{{1, 2, 1}};
  const Loss once = loss(scores, spans);
  std::vector<double> dbar(scores.bar.size(), 5.0), dlength(scores.length.size(), -5.0);
  OneSpan<double> model = model_of(scores);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(model.loss(scores.bar.data(), scores.length.data(), spans, {}, 0.25, dbar.data(),
                         dlength.data()),
              once.value);
  }
  for (size_t i = 0; i < dbar.size(); ++i) EXPECT_NEAR(dbar[i], 5 + 0.5 * once.dbar[i], 1e-14);
  for (size_t i = 0; i < dlength.size(); ++i) {
    EXPECT_NEAR(dlength[i], -5 + 0.5 * once.dlength[i], 1e-14);
  }
}

TEST(OneSpan, SeveralSpansAndTheirNeighboursShare) {
  const Scores scores = random_scores(6, 2, 3, 1, 5);
  const auto value = [&](int first, int last) { return loss(scores, {{first, last, 1}}).value; };
  EXPECT_NEAR(loss(scores, {{0, 1, 1}, {4, 5, 1}}).value, (value(0, 1) + value(4, 5)) / 2, 1e-12);
  EXPECT_NEAR(loss(scores, {{0, 2, 1}}, {0.2, 1}).value,
              0.8 * value(0, 2) + 0.1 * (value(1, 2) + value(0, 1)), 1e-12);
}

TEST(OneSpan, BestIsTheHighest) {
  for (const Size& size : kSizes) {
    for (uint32_t index = 0; index < 5; ++index) {
      const Scores scores = random_scores(size.bars, size.kinds, size.longest, 2, index);
      for (const double offset : {-20.0, -1.0, 0.0, 3.0}) {
        const SpanSet best = model_of(scores).best(scores.bar.data(), scores.length.data(), offset);
        double highest = 0;
        for (const SpanSet& set : all_answers(scores)) {
          if (!set.empty()) highest = std::max(highest, scores.of(set) + offset);
        }
        ASSERT_EQ(best.size(), highest > 0 ? 1u : 0u);
        if (!best.empty()) {
          EXPECT_NEAR(scores.of(best) + offset, highest, 1e-12);
        }
      }
    }
  }
}

TEST(OneSpan, OfEqualSpansTheEarliestAndShortest) {
  Scores scores = random_scores(5, 2, 3, 0, 0);
  OneSpan<double> model = model_of(scores);
  EXPECT_EQ(model.best(scores.bar.data(), scores.length.data(), 0), SpanSet{});
  EXPECT_EQ(model.best(scores.bar.data(), scores.length.data(), 1), (SpanSet{{0, 0, 0}}));
  scores.bar[3 * 6 + 2] = 1;  // the end of the first kind at bar 3
  EXPECT_EQ(model.best(scores.bar.data(), scores.length.data(), 0), (SpanSet{{3, 3, 0}}));
}

TEST(OneSpan, ScoresOfAnySize) {
  for (const double shift : {-500.0, 0.0, 500.0}) {
    Scores scores = random_scores(105, 2, 16, 100, 6);
    for (double& score : scores.bar) score += shift;
    const double expected = log_sum(scores, [&] {
      std::vector<SpanSet> answers{{}};
      for (int first = 0; first < 105; ++first) {
        for (int last = first; last < std::min(105, first + 16); ++last) {
          for (int kind = 0; kind < 2; ++kind) answers.push_back({{first, last, kind}});
        }
      }
      return answers;
    }());
    double log_z = 0;
    ExpectedSpan span;
    const std::vector<double> inside = marginals(scores, &log_z, &span);
    EXPECT_NEAR(log_z, expected, 1e-12 * (10 + expected));
    for (const double p : inside) EXPECT_TRUE(p >= 0 && p <= 1);
    EXPECT_GE(span.length, 1);  // stated even where a span is as good as impossible
    EXPECT_LE(span.length, 16);
  }
}

TEST(OneSpan, MinusInfinityForbidsAndNotANumberShows) {
  constexpr double kForbidden = -std::numeric_limits<double>::infinity();
  Scores scores = random_scores(4, 1, 2, 1, 7);
  scores.length = {kForbidden, kForbidden};
  double log_z = -1;
  const std::vector<double> inside = marginals(scores, &log_z);
  EXPECT_EQ(log_z, 0);
  EXPECT_EQ(inside, std::vector<double>(4, 0.0));
  EXPECT_EQ(loss(scores, {}).value, 0);
  scores.length = {0, std::nan("")};
  marginals(scores, &log_z);
  EXPECT_TRUE(std::isnan(log_z));
}

TEST(OneSpan, FloatsAreStorageOnly) {
  const Scores scores = random_scores(105, 2, 16, 1, 8);
  const std::vector<float> bar(scores.bar.begin(), scores.bar.end());
  const std::vector<float> length(scores.length.begin(), scores.length.end());
  Scores rounded = scores;
  rounded.bar.assign(bar.begin(), bar.end());
  rounded.length.assign(length.begin(), length.end());
  std::vector<float> inside(210);
  double log_z = 0;
  const std::vector<double> expected = marginals(rounded, &log_z);
  OneSpan<float> model(105, 2, 16);
  EXPECT_EQ(model.marginals(bar.data(), length.data(), inside.data()), log_z);
  for (size_t i = 0; i < 210; ++i) EXPECT_EQ(inside[i], static_cast<float>(expected[i]));
}

}  // namespace
}  // namespace spanlab
