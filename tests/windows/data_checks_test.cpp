// Data checks: closed forms, hand-made conflicts, and the reported run's windows.
#include "spanlab/windows/data_checks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "spanlab/windows/labelled.h"
#include "spanlab/windows/window.h"
#include "tests/real_data.h"
#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::window;

std::vector<int> all_of(const std::vector<Window>& windows) {
  std::vector<int> all(windows.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

PositionStats positions(const std::vector<Window>& windows, int length) {
  return label_positions(windows, all_of(windows), length);
}

// `count` windows far apart with the span start..end.
void add(std::vector<Window>& windows, int count, int start, int end) {
  for (int i = 0; i < count; ++i) {
    const auto n = static_cast<int64_t>(windows.size());
    windows.push_back(window(std::to_string(n), 1000 * n, start, end));
  }
}

TEST(LabelPositions, EvenPlacesFitUniform) {
  std::vector<Window> windows;
  for (int start = 0; start < 100; ++start) add(windows, 1, start, start);
  const PositionStats stats = positions(windows, 100);
  EXPECT_EQ(stats.spans, 100);
  for (size_t d = 0; d < kDeciles; ++d) {
    EXPECT_EQ(stats.count[d], 10);
    EXPECT_NEAR(stats.expected[d], 10, 1e-9);
  }
  EXPECT_EQ(stats.freedom, 9);
  EXPECT_NEAR(stats.chi_square, 0, 1e-9);
  EXPECT_NEAR(stats.p_value, 1, 1e-9);
  EXPECT_EQ(stats.preferred, 0);
  EXPECT_NEAR(stats.preferred_share, 0.1, 1e-12);
}

TEST(LabelPositions, OnePlaceDoesNot) {
  std::vector<Window> windows;
  add(windows, 20, 75, 75);
  const PositionStats stats = positions(windows, 100);
  EXPECT_EQ(stats.preferred, 7);
  EXPECT_EQ(stats.preferred_share, 1.0);
  // 9 (0 - 2)^2 / 2 + (20 - 2)^2 / 2
  EXPECT_NEAR(stats.chi_square, 180, 1e-9);
  EXPECT_LT(stats.p_value, 1e-30);
}

TEST(LabelPositions, ExpectsOnlyWhereASpanFits) {
  // 61 bars of 100 fit at 40 places, with centres from 30.5 to 69.5.
  std::vector<Window> windows;
  add(windows, 40, 0, 60);
  const PositionStats stats = positions(windows, 100);
  const std::array<double, kDeciles> expected{0, 0, 0, 10, 10, 10, 10, 0, 0, 0};
  for (size_t d = 0; d < kDeciles; ++d) EXPECT_NEAR(stats.expected[d], expected[d], 1e-9) << d;
  EXPECT_EQ(stats.freedom, 3);
  EXPECT_NEAR(stats.chi_square, 3 * 10 + 90, 1e-9);
}

TEST(LabelPositions, PValuesAreThoseOfTheChiSquareTables) {
  // One-bar spans in a window of two bars: two deciles, x^2 = (a - b)^2 / (a + b), 1 degree.
  std::vector<Window> windows;
  add(windows, 70, 0, 0);
  add(windows, 50, 1, 1);
  PositionStats stats = positions(windows, 2);
  EXPECT_EQ(stats.freedom, 1);
  EXPECT_NEAR(stats.chi_square, 400.0 / 120, 1e-9);
  EXPECT_NEAR(stats.p_value, std::erfc(std::sqrt(400.0 / 240)), 1e-12);
  // Three bars, 2 degrees: e^(-x/2).
  windows.clear();
  add(windows, 10, 0, 0);
  add(windows, 20, 1, 1);
  add(windows, 30, 2, 2);
  stats = positions(windows, 3);
  EXPECT_EQ(stats.freedom, 2);
  EXPECT_NEAR(stats.chi_square, 10, 1e-9);
  EXPECT_NEAR(stats.p_value, std::exp(-5.0), 1e-12);
  // Four and five bars; with y half the statistic, the tails are erfc(sqrt y) + 2 sqrt(y / pi) e^-y
  // and (1 + y) e^-y.
  windows.clear();
  add(windows, 20, 0, 0);
  add(windows, 20, 3, 3);
  stats = positions(windows, 4);
  EXPECT_EQ(stats.freedom, 3);
  EXPECT_NEAR(stats.chi_square, 40, 1e-9);
  EXPECT_NEAR(stats.p_value,
              std::erfc(std::sqrt(20.0)) + 2 * std::sqrt(20.0 / M_PI) * std::exp(-20.0), 1e-15);
  windows.clear();
  add(windows, 3, 0, 0);
  add(windows, 2, 4, 4);
  stats = positions(windows, 5);
  EXPECT_EQ(stats.freedom, 4);
  EXPECT_NEAR(stats.chi_square, 4 + 1 + 3, 1e-9);
  EXPECT_NEAR(stats.p_value, 5 * std::exp(-4.0), 1e-12);
}

TEST(LabelPositions, NineDegreesAreTheTablesToo) {
  // x^2 = 2 * 9^2 / 10 = 16.2; the 10 % point of 9 degrees is 14.684, the 5 % point 16.919.
  std::vector<Window> windows;
  const std::array<int, kDeciles> count{19, 1, 10, 10, 10, 10, 10, 10, 10, 10};
  for (int d = 0; d < kDeciles; ++d) add(windows, count[static_cast<size_t>(d)], d, d);
  const PositionStats stats = positions(windows, 10);
  EXPECT_NEAR(stats.chi_square, 16.2, 1e-9);
  EXPECT_GT(stats.p_value, 0.05);
  EXPECT_LT(stats.p_value, 0.10);  // 14.684 is the 10 % point
  EXPECT_NEAR(stats.p_value, 0.0628, 5e-4);
}

TEST(LabelPositions, FewSpansArePooledAndNoneSaysNothing) {
  std::vector<Window> windows;
  add(windows, 3, 10, 10);
  PositionStats stats = positions(windows, 100);
  EXPECT_EQ(stats.freedom, 1);  // four deciles, then six: the last pool takes what is left over
  EXPECT_NEAR(stats.chi_square, 1.8 * 1.8 / 1.2 + 1.8, 1e-9);
  windows.resize(1);
  stats = positions(windows, 100);
  EXPECT_EQ(stats.freedom, 0);
  EXPECT_EQ(stats.p_value, 1.0);
  windows[0].spans.clear();
  stats = positions(windows, 100);
  EXPECT_EQ(stats.spans, 0);
  EXPECT_EQ(stats.preferred_share, 0.0);
}

TEST(Conflicts, AreBarsThatTwoWindowsTellApart) {
  // Rows 10..14 are a span for the first window, and none for the second, which sees 12..61.
  const std::vector<Window> windows{window("a", 0, 10, 14), window("b", 12, 30, 34)};
  const std::vector<Conflict> conflicts = conflicting_windows(windows, 50);
  ASSERT_EQ(conflicts.size(), 1u);
  EXPECT_EQ(conflicts[0].a, 0);
  EXPECT_EQ(conflicts[0].b, 1);
  EXPECT_EQ(conflicts[0].shared_bars, 38);
  EXPECT_EQ(conflicts[0].conflicting_bars, 3 + 5);  // rows 12..14 and 42..46
}

TEST(Conflicts, OrderIsByFirstRow) {
  const std::vector<Window> windows{window("a", 12, 30, 34), window("b", 0, 10, 14),
                                    window("c", 500), window("d", 61, 0, 0)};
  const std::vector<Conflict> conflicts = conflicting_windows(windows, 50);
  ASSERT_EQ(conflicts.size(), 2u);
  EXPECT_EQ(conflicts[0].a, 1);
  EXPECT_EQ(conflicts[0].b, 0);
  EXPECT_EQ(conflicts[1].a, 0);
  EXPECT_EQ(conflicts[1].b, 3);
  EXPECT_EQ(conflicts[1].shared_bars, 1);
}

TEST(Conflicts, TypesMayDisagreeToo) {
  std::vector<Window> windows{window("a", 0, 20, 24),
                              window("b", 10, 10, 14, SpanType::retracement)};
  EXPECT_EQ(conflicting_windows(windows, 50).at(0).conflicting_bars, 5);
  windows[1].spans[0].type = SpanType::consolidation;
  EXPECT_TRUE(conflicting_windows(windows, 50).empty());
}

TEST(Conflicts, WindowsApartHaveNone) {
  EXPECT_TRUE(conflicting_windows({window("a", 0), window("b", 50)}, 50).empty());
  EXPECT_TRUE(conflicting_windows({}, 50).empty());
}

TEST(Duplicates, HaveTheSameRowsAndSpans) {
  std::vector<Window> windows{window("a", 0),         window("b", 7), window("c", 0),
                              window("d", 0, 11, 14), window("e", 0), window("f", 7)};
  const std::vector<Duplicate> duplicates = duplicate_windows(windows);
  ASSERT_EQ(duplicates.size(), 3u);
  EXPECT_EQ(duplicates[0].first, 0);
  EXPECT_EQ(duplicates[0].again, 2);
  EXPECT_EQ(duplicates[1].first, 0);
  EXPECT_EQ(duplicates[1].again, 4);
  EXPECT_EQ(duplicates[2].first, 1);
  EXPECT_EQ(duplicates[2].again, 5);
}

TEST(EffectiveSample, CountsEachSide) {
  // a and b see the same span (rows 10..14), c one that begins behind it, d none, e two.
  std::vector<Window> windows{window("a", 0, 10, 14), window("b", 5, 5, 9), window("c", 15, 0, 4),
                              window("d", 500), window("e", 1000, 1, 2)};
  windows[3].spans.clear();
  windows[4].spans.push_back({4, 9, SpanType::retracement});
  Split split;
  split.train = {0, 1, 2};
  split.validation = {3, 4};
  const EffectiveSample sample = effective_sample(windows, split, 50);
  EXPECT_EQ(sample.train.windows, 3);
  EXPECT_EQ(sample.train.groups, 1);
  EXPECT_EQ(sample.train.labelled_windows, 3);
  EXPECT_EQ(sample.train.distinct_spans, 2);
  EXPECT_EQ(sample.train.positive_bars, 15);
  EXPECT_EQ(sample.train.bars, 150);
  EXPECT_EQ(sample.validation.windows, 2);
  EXPECT_EQ(sample.validation.groups, 2);
  EXPECT_EQ(sample.validation.labelled_windows, 1);
  EXPECT_EQ(sample.validation.distinct_spans, 1);
  EXPECT_EQ(sample.validation.positive_bars, 8);
}

// Only what the countdown needs.
Dataset countdowns(const std::vector<Window>& windows, int length, CountdownTarget target) {
  return build_dataset(test::walk(windows.back().first_row + length), windows,
                       {length, {"range_z"}, FeatureMode::per_window}, target);
}

TEST(SaturatedCountdown, CountsBarsAtTheClip) {
  // The start at bar 30 of 105: bars 0..10 and 50..104 are 20 or more away.
  std::vector<Window> windows{window("a", 0, 30, 34), window("b", 200, 30, 34)};
  windows[1].spans.clear();
  for (const CountdownTarget target : {CountdownTarget::clipped, CountdownTarget::unit}) {
    const Dataset data = countdowns(windows, 105, target);
    EXPECT_NEAR(saturated_countdown_share(data, {0, 1}, target), 66.0 / 105, 1e-12);
    EXPECT_EQ(saturated_countdown_share(data, {1}, target), 0.0);
    EXPECT_EQ(saturated_countdown_share(data, {}, target), 0.0);
  }
  const Dataset masked = countdowns(windows, 105, CountdownTarget::masked);
  EXPECT_NEAR(saturated_countdown_share(masked, {0, 1}, CountdownTarget::masked), 2.0 / 41, 1e-12);
}

TEST(CountTypes, OfChosenWindows) {
  std::vector<Window> windows{window("a", 0), window("b", 0, 1, 2, SpanType::retracement),
                              window("c", 0), window("d", 0)};
  windows[3].spans.clear();
  const TypeCounts all = count_types(windows, {0, 1, 2, 3});
  EXPECT_EQ(all.consolidations, 2);
  EXPECT_EQ(all.retracements, 1);
  EXPECT_EQ(all.unlabelled, 1);
  EXPECT_EQ(count_types(windows, {1, 3}).consolidations, 0);
}

class ReferenceWindows : public ::testing::Test {
 protected:
  std::vector<Window> windows_ = read_windows(test::kWindows);
};

TEST_F(ReferenceWindows, CountdownIsMostlySaturated) {
  const Dataset data = countdowns(windows_, kWindowLength, CountdownTarget::clipped);
  EXPECT_NEAR(saturated_countdown_share(data, all_of(windows_), CountdownTarget::clipped), 0.65,
              0.015);
}

TEST_F(ReferenceWindows, AreFewerThanTheySeem) {
  Split split;
  split.train = all_of(windows_);
  const SampleSize size = effective_sample(windows_, split, kWindowLength).train;
  EXPECT_EQ(size.windows, 210);
  EXPECT_EQ(size.groups, 80);
  EXPECT_EQ(size.labelled_windows, 210);
  EXPECT_EQ(size.distinct_spans, 174);
  EXPECT_EQ(size.positive_bars, 1352);
}

TEST_F(ReferenceWindows, ContradictEachOtherUntilAllSpansAreGiven) {
  EXPECT_TRUE(duplicate_windows(windows_).empty());
  EXPECT_GT(conflicting_windows(windows_, kWindowLength).size(), 50u);
  join_spans(windows_, read_spans(test::kSpans), kWindowLength);
  EXPECT_TRUE(conflicting_windows(windows_, kWindowLength).empty());
}

}  // namespace
}  // namespace spanlab
