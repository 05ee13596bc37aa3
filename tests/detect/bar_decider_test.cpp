// When bars are decided and by which window; the bits do not depend on how bars arrive.
#include "spanlab/detect/bar_decider.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/windows/window_inputs.h"
#include "tests/detect/small_detector.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

constexpr int kWindow = 12, kStride = 3;

bool same(const DecidedBar& a, const DecidedBar& b) {
  return a.row == b.row && a.bar.time_ms == b.bar.time_ms && a.bar.close == b.bar.close &&
         a.close_before == b.close_before &&
         std::memcmp(&a.probability, &b.probability, sizeof(float)) == 0 &&
         a.decided_at == b.decided_at && a.begins_stretch == b.begins_stretch &&
         a.ends_stretch == b.ends_stretch;
}

void expect_same(const std::vector<DecidedBar>& a, const std::vector<DecidedBar>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(same(a[i], b[i])) << "row " << a[i].row;
}

struct Answer {
  std::vector<DecidedBar> decided, undecided;
};

Answer decide(const Detector& detector, const Bars& series, int delay, int batch, int threads = 1) {
  Answer answer;
  BarDecider decider(detector, delay, threads, batch,
                     [&](const DecidedBar& bar) { answer.decided.push_back(bar); });
  for (int64_t row = 0; row < series.size(); ++row) {
    decider.push(series.bar(row), series.gap_before(row));
  }
  decider.flush();
  answer.undecided = decider.undecided();
  return answer;
}

/// What the detector says of the window that ends with bar `last`, features from where they stand.
std::vector<float> of_window(const Detector& detector, const Bars& series, int64_t last) {
  const Window window{.id = "w",
                      .base_id = "w",
                      .offset = 0,
                      .first_row = last - kWindow + 1,
                      .visible_fraction = 0,
                      .spans = {}};
  const auto& data = detector.recipe.data;
  const std::vector<float> input = window_inputs(
      series, {window}, {feature_indices(data.features), data.feature_mode, kWindow}, false);
  std::vector<float> probability(kWindow);
  WindowScorer(detector, 1).score(1, input.data(), probability.data());
  for (float& p : probability) {
    p = static_cast<float>(detector.calibration(static_cast<double>(p)));
  }
  return probability;
}

TEST(BarDecider, EveryBarIsDecidedOnceInOrderByTheFirstWindowThatIsLateEnough) {
  const Detector detector = small_detector();
  const Bars series = walk(100);
  for (const int delay : {0, 4, 9}) {
    const Answer answer = decide(detector, series, delay, 1);
    // The last window ends at row 98: 11 + 29 * 3.
    ASSERT_EQ(answer.decided.size(), static_cast<size_t>(99 - delay));
    for (size_t i = 0; i < answer.decided.size(); ++i) {
      const DecidedBar& bar = answer.decided[i];
      EXPECT_EQ(bar.row, static_cast<int64_t>(i));
      EXPECT_EQ(bar.bar.close, series.close[i]);
      EXPECT_EQ(bar.close_before, i == 0 ? series.open[0] : series.close[i - 1]);
      EXPECT_EQ(bar.begins_stretch, i == 0);
      EXPECT_EQ((bar.decided_at - (kWindow - 1)) % kStride, 0);
      EXPECT_GE(bar.decided_at - bar.row, delay);
      if (bar.decided_at > kWindow - 1) {  // no window ends before the first
        EXPECT_LT(bar.decided_at - bar.row, delay + kStride);
      }
    }
    // The others are looked at from the last bar.
    ASSERT_EQ(answer.undecided.size(), static_cast<size_t>(1 + delay));
    for (size_t i = 0; i < answer.undecided.size(); ++i) {
      EXPECT_EQ(answer.undecided[i].row, static_cast<int64_t>(answer.decided.size() + i));
      EXPECT_EQ(answer.undecided[i].decided_at, 99);
    }
  }
}

TEST(BarDecider, ProbabilitiesAreThoseOfTheDecidingWindow) {
  for (const FeatureMode mode : {FeatureMode::per_window, FeatureMode::continuous}) {
    Detector detector = small_detector();
    detector.recipe.data.feature_mode = mode;
    detector.recipe.data.features[3] = "position_encoding";
    const Bars series = walk(60);
    Answer answer = decide(detector, series, 4, 1);
    answer.decided.insert(answer.decided.end(), answer.undecided.begin(), answer.undecided.end());
    ASSERT_EQ(answer.decided.size(), 60u);
    float least = 1, most = 0;
    for (const DecidedBar& bar : answer.decided) {
      const std::vector<float> window = of_window(detector, series, bar.decided_at);
      const auto place = static_cast<size_t>(bar.row - (bar.decided_at - kWindow + 1));
      EXPECT_EQ(bar.probability, window[place]) << bar.row;
      least = std::min(least, bar.probability);
      most = std::max(most, bar.probability);
    }
    EXPECT_GT(most - least, 0.05);  // else places could be mistaken unseen
  }
}

TEST(BarDecider, TheModesAndPlacesDiffer) {
  Detector detector = small_detector();
  const Bars series = walk(60);
  const float restarted = decide(detector, series, 4, 1).decided.back().probability;
  detector.recipe.data.feature_mode = FeatureMode::continuous;
  EXPECT_NE(decide(detector, series, 4, 1).decided.back().probability, restarted);
}

TEST(BarDecider, SameBitsForAnyBatchAndThreads) {
  const Bars series = walk(400, {130, 137, 139, 300});
  for (const SpanHead head :
       {SpanHead::bar, SpanHead::semi_markov, SpanHead::one_span, SpanHead::linear_chain}) {
    for (const FeatureMode mode : {FeatureMode::per_window, FeatureMode::continuous}) {
      Detector detector = small_detector(head);
      detector.recipe.data.feature_mode = mode;
      const Answer one = decide(detector, series, 4, 1);
      for (const int batch : {2, 32, 1000}) {
        const Answer many = decide(detector, series, 4, batch, 2);
        expect_same(many.decided, one.decided);
        expect_same(many.undecided, one.undecided);
      }
    }
  }
}

TEST(BarDecider, AGapDecidesTheRestOfItsStretch) {
  // Stretches of 40, 11 and 30 bars: the second one is shorter than a window.
  const Bars series = walk(81, {40, 51});
  const Answer answer = decide(small_detector(), series, 9, 1);
  std::vector<int64_t> rows;
  for (const DecidedBar& bar : answer.decided) {
    rows.push_back(bar.row);
    EXPECT_EQ(bar.begins_stretch, bar.row == 0 || bar.row == 51);
    if (bar.begins_stretch) {
      EXPECT_EQ(bar.close_before, bar.bar.open);
    }
    EXPECT_EQ(bar.ends_stretch, bar.row == 39);
    EXPECT_LT(bar.decided_at - bar.row, kWindow);
  }
  // The first stretch's last window ends at 38 and decides up to bar 29; the bar behind the gap
  // shows that no more will come.
  std::vector<int64_t> expected;
  for (int64_t row = 0; row < 40; ++row) expected.push_back(row);
  for (int64_t row = 51; row <= 80 - 9; ++row) expected.push_back(row);
  EXPECT_EQ(rows, expected);
  EXPECT_EQ(answer.decided[29].decided_at, 38);
  for (size_t row = 30; row < 40; ++row) EXPECT_EQ(answer.decided[row].decided_at, 40);
}

TEST(BarDecider, AStretchIsDecidedAsIfItStoodAlone) {
  for (const FeatureMode mode : {FeatureMode::per_window, FeatureMode::continuous}) {
    Detector detector = small_detector();
    detector.recipe.data.feature_mode = mode;
    const Bars series = walk(90, {35});
    const Answer whole = decide(detector, series, 4, 32);
    const Answer first = decide(detector, prefix(series, 35), 4, 32);
    std::vector<DecidedBar> expected = first.decided;
    expected.insert(expected.end(), first.undecided.begin(), first.undecided.end());
    ASSERT_EQ(expected.size(), 35u);
    for (size_t i = 0; i < 35; ++i) {
      EXPECT_EQ(whole.decided[i].row, expected[i].row);
      EXPECT_EQ(whole.decided[i].probability, expected[i].probability) << i;
    }

    std::vector<DecidedBar> alone;
    BarDecider decider(detector, 4, 1, 1, [&](const DecidedBar& bar) { alone.push_back(bar); });
    for (int64_t row = 35; row < 90; ++row) decider.push(series.bar(row), row == 35);
    ASSERT_EQ(alone.size() + 35, whole.decided.size());
    for (size_t i = 0; i < alone.size(); ++i) {
      EXPECT_EQ(alone[i].probability, whole.decided[35 + i].probability);
      EXPECT_EQ(alone[i].begins_stretch, i == 0);
    }
  }
}

TEST(BarDecider, WhatWasSaidOfAPrefixStands) {
  const Bars series = walk(120, {50, 57});
  for (const int delay : {0, 4, 9}) {
    const std::vector<DecidedBar> whole = decide(small_detector(), series, delay, 32).decided;
    for (int64_t bars = 0; bars <= series.size(); ++bars) {
      const Answer part =
          decide(small_detector(), prefix(series, bars), delay, static_cast<int>(1 + bars % 4));
      ASSERT_LE(part.decided.size(), whole.size());
      expect_same(part.decided,
                  {whole.begin(), whole.begin() + static_cast<ptrdiff_t>(part.decided.size())});
      // And nothing is said late: all that the windows up to here decide is decided.
      for (size_t i = part.decided.size(); i < whole.size(); ++i) {
        EXPECT_GE(whole[i].decided_at, bars);
      }
    }
  }
}

// Where a window has just ended, what waits is asked of the same window again, and bars that only
// it needs must still be there after many others were dropped.
TEST(BarDecider, TheUndecidedCanBeAskedAfterEveryBar) {
  const Detector detector = small_detector();
  const Bars series = walk(100);
  std::vector<DecidedBar> decided;
  BarDecider decider(detector, 4, 1, 1, [&](const DecidedBar& bar) { decided.push_back(bar); });
  for (int64_t row = 0; row < 100; ++row) {
    decider.push(series.bar(row), false);
    const std::vector<DecidedBar> undecided = decider.undecided();
    if (row < kWindow - 1) {
      EXPECT_TRUE(undecided.empty());
      continue;
    }
    const std::vector<float> window = of_window(detector, series, row);
    ASSERT_EQ(static_cast<int64_t>(decided.size() + undecided.size()), row + 1);
    for (const DecidedBar& bar : undecided) {
      EXPECT_EQ(bar.bar.close, series.close[static_cast<size_t>(bar.row)]);
      EXPECT_EQ(bar.probability, window[static_cast<size_t>(bar.row - (row - kWindow + 1))]);
      EXPECT_EQ(bar.decided_at, row);
    }
  }
  // Asking has changed nothing.
  expect_same(decided, decide(detector, series, 4, 1).decided);
}

TEST(BarDecider, RefusesADelayThatTheDetectorDoesNotKnow) {
  const Detector detector = small_detector();
  expect_error([&] { BarDecider(detector, 5, 1, 1, [](const DecidedBar&) {}); },
               {"delay of 5", "0, 4, 9"});
}

}  // namespace
}  // namespace spanlab
