// Candidates for labels: what was hidden comes back, once, ranked, and nothing that is labelled.
#include "spanlab/metrics/label_review.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "spanlab/labels/hindsight.h"
#include "spanlab/market/simulate.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/labelled.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

// Overlapping windows of a simulated market; of each only the first of the rule's spans is kept.
class LabelReview : public ::testing::Test {
 protected:
  LabelReview()
      : windows_(
            tile_windows(series_, spans_, {.first_row = 0, .length = kWindowLength, .step = 52})) {
    for (Window& window : windows_) {
      if (window.spans.size() > 1) window.spans.erase(window.spans.begin() + 1, window.spans.end());
    }
  }

  static bool share_bar(const Span& a, const Span& b) {
    return a.start_row <= b.end_row && b.start_row <= a.end_row;
  }
  std::vector<Candidate> review(const std::vector<float>& probability = {}, double quantile = 0.5) {
    return review_candidates(series_, windows_, kWindowLength, quantile, probability);
  }

  Bars series_ = simulate_market(4000, 5).bars;
  std::vector<Span> spans_ = hindsight_spans(series_);
  std::vector<Window> windows_;
};

TEST_F(LabelReview, FindsHiddenSpansOnceAndNoLabelledOnes) {
  const std::vector<Span> labelled = labelled_spans(series_, windows_);
  const std::vector<Candidate> found = review(), more = review({}, 0.1);
  ASSERT_GT(found.size(), 3u);
  EXPECT_GT(more.size(), found.size());
  int known = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    const Span& span = found[i].span;
    EXPECT_FALSE(found[i].probability);
    EXPECT_LE(span.score, found[i > 0 ? i - 1 : 0].span.score);
    for (const Span& other : labelled) EXPECT_FALSE(share_bar(span, other));
    for (size_t k = 0; k < i; ++k) EXPECT_FALSE(share_bar(span, found[k].span));
    const auto same = std::find_if(spans_.begin(), spans_.end(), [&](const Span& s) {
      return s.start_row == span.start_row && s.end_row == span.end_row;
    });
    if (same == spans_.end()) continue;
    ++known;  // one of the rule's own
    EXPECT_EQ(span.direction, same->direction);
    EXPECT_EQ(span.type, same->type);
    EXPECT_NEAR(span.score, same->score, 1e-9);
  }
  EXPECT_GT(known, static_cast<int>(found.size()) / 2);
}

TEST_F(LabelReview, ADetectorsProbabilityRanksThem) {
  const std::vector<Candidate> by_score = review();
  const Span best = by_score.front().span, last = by_score.back().span;
  std::vector<float> probability(static_cast<size_t>(series_.size()), 0.25f);
  for (int64_t row = last.start_row; row <= last.end_row; ++row) {
    probability[static_cast<size_t>(row)] =
        row == last.start_row ? std::numeric_limits<float>::quiet_NaN() : 0.75f;
  }
  for (int64_t row = best.start_row; row <= best.end_row; ++row) {
    probability[static_cast<size_t>(row)] = std::numeric_limits<float>::quiet_NaN();
  }
  const std::vector<Candidate> found = review(probability);
  ASSERT_EQ(found.size(), by_score.size());
  EXPECT_EQ(found.front(), (Candidate{last, 0.75}));  // over the bars that it speaks of
  EXPECT_EQ(found.back(), (Candidate{best, {}}));
  EXPECT_EQ(found[1], (Candidate{by_score[1].span, 0.25}));  // equal ones go by score
}

TEST_F(LabelReview, CompleteLabelsLeaveLittle) {
  const size_t single = review().size();
  windows_ = tile_windows(series_, spans_, {.first_row = 0, .length = kWindowLength, .step = 52});
  EXPECT_LT(review().size(), single / 3);
}

TEST_F(LabelReview, Refusals) {
  for (Window& window : windows_) {
    window.spans.clear();
    window.visible_fraction = 0;
  }
  expect_error([&] { review(); }, {"no window has a labelled span"});
  windows_[3].first_row = 3999;
  expect_error([&] { review(); }, {"window \"3\""});
}

}  // namespace
}  // namespace spanlab
