// The linear chain against all tag sequences, one by one.
#include "spanlab/crf/linear_chain.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "tests/crf/enumerate.h"

namespace spanlab {
namespace {

using testing::expect_slopes;
using testing::log_sum_exp;

using Tags = std::vector<int>;

struct ChainScores {
  int bars, tags;
  std::vector<double> bar, links;

  double of(const Tags& sequence) const {
    const auto link = [&](int i) { return links[static_cast<size_t>(i)]; };
    double sum = link(tags * tags + sequence.front()) + link(tags * tags + tags + sequence.back());
    for (int t = 0; t < bars; ++t) {
      const int tag = sequence[static_cast<size_t>(t)];
      sum += bar[static_cast<size_t>(t * tags + tag)];
      if (t > 0) sum += link(sequence[static_cast<size_t>(t - 1)] * tags + tag);
    }
    return sum;
  }
};

ChainScores random_chain(int bars, int tags, double deviation, uint32_t index) {
  RandomStream stream(8, Purpose::parameter_init, 0, index);
  ChainScores scores{bars, tags, {}, {}};
  scores.bar.resize(static_cast<size_t>(bars * tags));
  scores.links.resize(static_cast<size_t>(LinearChain<double>::link_count(tags)));
  for (double& value : scores.bar) value = deviation * stream.normal();
  for (double& value : scores.links) value = deviation * stream.normal();
  return scores;
}

// All sequences that agree with `known`, -1 being any.
std::vector<Tags> all_sequences(const ChainScores& scores, const Tags& known) {
  std::vector<Tags> sequences{{}};
  for (const int tag : known) {
    std::vector<Tags> longer;
    for (const Tags& sequence : sequences) {
      for (int next = 0; next < scores.tags; ++next) {
        if (tag >= 0 && tag != next) continue;
        longer.push_back(sequence);
        longer.back().push_back(next);
      }
    }
    sequences = longer;
  }
  return sequences;
}

Tags all_unknown(const ChainScores& scores) {
  return Tags(static_cast<size_t>(scores.bars), -1);
}

double log_sum(const ChainScores& scores, const Tags& known) {
  std::vector<double> values;
  for (const Tags& sequence : all_sequences(scores, known)) values.push_back(scores.of(sequence));
  return log_sum_exp(values);
}

std::vector<double> marginals(const ChainScores& scores, double* log_z) {
  std::vector<double> p(scores.bar.size(), -1);
  *log_z = LinearChain<double>(scores.bars, scores.tags)
               .marginals(scores.bar.data(), scores.links.data(), p.data());
  return p;
}

struct Loss {
  double value = 0;
  std::vector<double> dbar, dlinks;
};

Loss loss(const ChainScores& scores, const Tags& tags, double weight = 1) {
  Loss loss{0, std::vector<double>(scores.bar.size()), std::vector<double>(scores.links.size())};
  loss.value = LinearChain<double>(scores.bars, scores.tags)
                   .loss(scores.bar.data(), scores.links.data(), tags.data(), weight,
                         loss.dbar.data(), loss.dlinks.data());
  return loss;
}

Tags best(const ChainScores& scores) {
  return LinearChain<double>(scores.bars, scores.tags).best(scores.bar.data(), scores.links.data());
}

void expect_all_sequences(const ChainScores& scores) {
  const double expected = log_sum(scores, all_unknown(scores));
  std::vector<double> p(scores.bar.size());
  double highest = -std::numeric_limits<double>::infinity();
  for (const Tags& sequence : all_sequences(scores, all_unknown(scores))) {
    highest = std::max(highest, scores.of(sequence));
    for (size_t t = 0; t < sequence.size(); ++t) {
      p[t * static_cast<size_t>(scores.tags) + static_cast<size_t>(sequence[t])] +=
          std::exp(scores.of(sequence) - expected);
    }
  }
  double log_z = 0;
  const std::vector<double> answer = marginals(scores, &log_z);
  EXPECT_NEAR(log_z, expected, 1e-12 * (10 + std::abs(expected)));
  for (size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(answer[i], p[i], 1e-11) << i;
  EXPECT_NEAR(scores.of(best(scores)), highest, 1e-12 * (10 + std::abs(highest)));
}

TEST(LinearChain, SumMarginalsAndBestAreThoseOfAllSequences) {
  for (const int bars : {1, 2, 6}) {
    for (const int tags : {1, 2, 3}) {
      for (const double deviation : {0.0, 1.0, 500.0}) {
        SCOPED_TRACE(::testing::Message() << bars << " bars, " << tags << " tags, " << deviation);
        for (uint32_t index = 0; index < 8; ++index) {
          expect_all_sequences(random_chain(bars, tags, deviation, index));
        }
      }
    }
  }
}

TEST(LinearChain, EvenScoresCountTheSequences) {
  const ChainScores scores = random_chain(105, 3, 0, 0);
  double log_z = 0;
  const std::vector<double> p = marginals(scores, &log_z);
  EXPECT_NEAR(log_z, 105 * std::log(3.0), 1e-10);
  for (const double value : p) EXPECT_NEAR(value, 1.0 / 3, 1e-12);
  EXPECT_EQ(best(scores), Tags(105, 0));  // of equal ones the lowest tags
}

TEST(LinearChain, WithoutLinksBarsAreIndependent) {
  ChainScores scores = random_chain(5, 2, 1, 2);
  std::fill(scores.links.begin(), scores.links.end(), 0.0);
  double log_z = 0;
  const std::vector<double> p = marginals(scores, &log_z);
  for (size_t t = 0; t < 5; ++t) {
    EXPECT_NEAR(p[2 * t + 1], 1 / (1 + std::exp(scores.bar[2 * t] - scores.bar[2 * t + 1])), 1e-13);
  }
}

TEST(LinearChain, LikelihoodOfWhatIsKnown) {
  for (const double deviation : {1.0, 500.0}) {
    const ChainScores scores = random_chain(5, 3, deviation, 3);
    const double log_z = log_sum(scores, all_unknown(scores));
    for (const Tags& tags : {Tags{0, 1, 1, 0, 2}, Tags{-1, 1, -1, -1, 0}, Tags{2, -1, -1, 0, -1}}) {
      EXPECT_NEAR(loss(scores, tags).value, log_z - log_sum(scores, tags),
                  1e-12 * (10 + std::abs(log_z)));
    }
  }
}

TEST(LinearChain, Gradients) {
  for (const double deviation : {0.0, 1.0, 50.0}) {
    ChainScores scores = random_chain(6, 3, deviation, 4);
    for (const Tags& tags : {Tags{0, 1, 1, 0, 2, 0}, Tags{-1, 1, -1, -1, 0, -1}}) {
      const Loss at = loss(scores, tags);
      const auto value = [&] { return loss(scores, tags).value; };
      expect_slopes(scores.bar, at.dbar, value);
      expect_slopes(scores.links, at.dlinks, value);
    }
  }
}

TEST(LinearChain, NothingKnownTeachesNothing) {
  const ChainScores scores = random_chain(20, 3, 2, 5);
  const Loss none = loss(scores, all_unknown(scores));
  EXPECT_EQ(none.value, 0);
  for (const double slope : none.dbar) EXPECT_EQ(slope, 0);
  for (const double slope : none.dlinks) EXPECT_NEAR(slope, 0, 1e-13);
}

TEST(LinearChain, GradientIsAddedTimesItsWeight) {
  const ChainScores scores = random_chain(4, 2, 1, 6);
  const Tags tags{0, 1, 1, 0};
  const Loss once = loss(scores, tags);
  std::vector<double> dbar(scores.bar.size(), 5.0), dlinks(scores.links.size(), -5.0);
  LinearChain<double> chain(4, 2);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(chain.loss(scores.bar.data(), scores.links.data(), tags.data(), 0.25, dbar.data(),
                         dlinks.data()),
              once.value);
  }
  for (size_t i = 0; i < dbar.size(); ++i) EXPECT_NEAR(dbar[i], 5 + 0.5 * once.dbar[i], 1e-14);
  for (size_t i = 0; i < dlinks.size(); ++i) {
    EXPECT_NEAR(dlinks[i], -5 + 0.5 * once.dlinks[i], 1e-14);
  }
}

TEST(LinearChain, MinusInfinityForbidsAndNotANumberShows) {
  ChainScores scores = random_chain(4, 3, 1, 7);
  for (size_t from = 0; from < 3; ++from) {  // nothing leads to tag 2, and nothing starts there
    scores.links[from * 3 + 2] = -std::numeric_limits<double>::infinity();
  }
  scores.links[9 + 2] = -std::numeric_limits<double>::infinity();
  double log_z = 0;
  const std::vector<double> p = marginals(scores, &log_z);
  EXPECT_TRUE(std::isfinite(log_z));
  for (size_t t = 0; t < 4; ++t) {
    EXPECT_EQ(p[3 * t + 2], 0);
    EXPECT_NEAR(p[3 * t] + p[3 * t + 1], 1, 1e-12);
  }
  const Loss impossible = loss(scores, {0, 2, 0, 0});
  EXPECT_EQ(impossible.value, std::numeric_limits<double>::infinity());
  for (size_t i = 0; i < p.size(); ++i) EXPECT_EQ(impossible.dbar[i], p[i]);
  scores.bar[4] = std::nan("");
  marginals(scores, &log_z);
  EXPECT_TRUE(std::isnan(log_z));
}

TEST(LinearChain, FloatsAreStorageOnly) {
  const ChainScores scores = random_chain(105, 3, 1, 8);
  const std::vector<float> bar(scores.bar.begin(), scores.bar.end());
  const std::vector<float> links(scores.links.begin(), scores.links.end());
  ChainScores rounded = scores;
  rounded.bar.assign(bar.begin(), bar.end());
  rounded.links.assign(links.begin(), links.end());
  std::vector<float> p(bar.size());
  double log_z = 0;
  const std::vector<double> expected = marginals(rounded, &log_z);
  EXPECT_EQ(LinearChain<float>(105, 3).marginals(bar.data(), links.data(), p.data()), log_z);
  for (size_t i = 0; i < p.size(); ++i) EXPECT_EQ(p[i], static_cast<float>(expected[i]));
}

}  // namespace
}  // namespace spanlab
