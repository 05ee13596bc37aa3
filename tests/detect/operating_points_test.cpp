// The table of operating points against counting bar by bar, and thresholds looked up in it.
#include "spanlab/detect/operating_points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "spanlab/base/random.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

constexpr int kWindows = 9, kLength = 20;
constexpr int64_t kMinute = 60'000;

struct Scores {
  std::vector<float> probability, mask;
  ScoredWindows view(int windows = kWindows, int length = kLength) const {
    return {windows, length, probability, mask, {}};
  }
};

/// Hundredths, so that many lie on a threshold; runs of bars, so that some are long.
Scores random_scores() {
  RandomStream random(11, Purpose::market);
  Scores scores;
  for (int i = 0; i < kWindows * kLength; ++i) {
    const bool inside = i / 4 % 3 == 0;
    const double p = (inside ? 0.3 : 0.0) + 0.6 * random.uniform();
    scores.mask.push_back(inside ? 1.0f : 0.0f);
    scores.probability.push_back(static_cast<float>(static_cast<int>(100 * p)) / 100.0f);
  }
  return scores;
}

/// Each bar asks for itself how long the run is that it stands in.
OperatingPoint count(const Scores& scores, double threshold, int shortest, double days) {
  double hits = 0, predicted = 0, inside = 0, runs = 0;
  for (int i = 0; i < kWindows * kLength; ++i) {
    const auto above = [&](int bar) {
      return bar / kLength == i / kLength && bar >= 0 && bar < kWindows * kLength &&
             static_cast<double>(scores.probability[static_cast<size_t>(bar)]) >= threshold;
    };
    const bool labelled = scores.mask[static_cast<size_t>(i)] > 0;
    inside += labelled;
    int first = i, last = i;
    while (above(first - 1)) --first;
    while (above(last + 1)) ++last;
    if (!above(i) || last - first + 1 < shortest) continue;
    ++predicted;
    hits += labelled;
    runs += i == first;
  }
  return {threshold, predicted > 0 ? hits / predicted : 0, hits / inside, runs / days};
}

TEST(OperatingPoints, AreWhatCountingGives) {
  const Scores scores = random_scores();
  const double days = kWindows * kLength * 5 / (24.0 * 60);
  for (const int shortest : {1, 3}) {
    const std::vector<OperatingPoint> points =
        operating_points(scores.view(), shortest, 5 * kMinute);
    ASSERT_GT(points.size(), 40u);
    ASSERT_LT(points.size(), 99u);
    for (size_t i = 0; i < points.size(); ++i) {
      const double threshold = static_cast<double>(i + 1) / 100;
      const OperatingPoint expected = count(scores, threshold, shortest, days);
      EXPECT_EQ(points[i].threshold, threshold);
      EXPECT_EQ(points[i].precision, expected.precision) << threshold;
      EXPECT_EQ(points[i].recall, expected.recall) << threshold;
      EXPECT_NEAR(points[i].per_day, expected.per_day, 1e-9) << threshold;
      EXPECT_GT(points[i].per_day, 0);
    }
    // The table ends where nothing is predicted any more.
    EXPECT_EQ(count(scores, static_cast<double>(points.size() + 1) / 100, shortest, days).per_day,
              0);
  }
}

TEST(OperatingPoints, OfWindowsThatHoldNothing) {
  Scores scores{{0.005f, 0, 0.5f, 0.5f}, {0, 0, 0, 0}};
  std::vector<OperatingPoint> points = operating_points(scores.view(2, 2), 1, kMinute);
  ASSERT_EQ(points.size(), 50u);
  EXPECT_EQ(points[0], (OperatingPoint{0.01, 0, 0, 24 * 60 / 4.0}));
  EXPECT_TRUE(operating_points(scores.view(2, 2), 3, kMinute).empty());
  EXPECT_TRUE(operating_points({}, 1, kMinute).empty());
}

/// A table of these columns at thresholds 0.01, 0.02, ...
std::vector<OperatingPoint> table(const std::vector<double>& precision,
                                  const std::vector<double>& per_day) {
  std::vector<OperatingPoint> points;
  for (size_t i = 0; i < precision.size(); ++i) {
    points.push_back({static_cast<double>(i + 1) / 100, precision[i], 0.5, per_day[i]});
  }
  return points;
}

TEST(Thresholds, AreTheLowestFromWhichOnTheWishHolds) {
  RandomStream random(2, Purpose::market);
  int kept = 0, refused = 0;
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> precision, per_day;
    for (int i = 0; i < 8; ++i) {  // upward and downward, with steps back
      precision.push_back((i + 6 * random.uniform()) / 14);
      per_day.push_back(10 - i + 4 * random.uniform());
    }
    const std::vector<OperatingPoint> points = table(precision, per_day);
    const double wish = random.uniform(), most = 2 + 10 * random.uniform();
    const auto expect = [&](const auto& holds, const auto& look_up) {
      for (auto from = points.begin(); from != points.end(); ++from) {
        if (!std::all_of(from, points.end(), holds)) continue;
        ++kept;
        EXPECT_EQ(look_up(), from->threshold);
        return;
      }
      ++refused;
      EXPECT_THROW(look_up(), Error);
    };
    expect([&](const OperatingPoint& p) { return p.precision >= wish; },
           [&] { return threshold_for_precision(points, wish); });
    expect([&](const OperatingPoint& p) { return p.per_day <= most; },
           [&] { return threshold_for_rate(points, most); });
  }
  EXPECT_GT(kept, 100);
  EXPECT_GT(refused, 20);
}

// At a low threshold all bars of a window are one detection: few, and worth nothing.
TEST(Thresholds, FewDetectionsThatAreEverythingAreNotFew) {
  const std::vector<OperatingPoint> points = table({0.2, 0.3, 0.6, 0.9}, {14, 60, 20, 5});
  EXPECT_EQ(threshold_for_rate(points, 20), 0.03);
  EXPECT_EQ(threshold_for_rate(points, 60), 0.01);
}

TEST(Thresholds, WhatCannotBeReachedIsSaid) {
  const std::vector<OperatingPoint> points = table({0.2, 0.875, 0.75}, {40, 20, 2.5});
  EXPECT_EQ(threshold_for_precision(points, 0.75), 0.02);
  EXPECT_EQ(threshold_for_rate(points, 2.5), 0.03);
  expect_error([&] { threshold_for_precision(points, 0.9); }, {"0.9", "detector is 0.875"});
  expect_error([&] { threshold_for_rate(points, 2); }, {"at most 2 detections", "gives 2.5"});
  expect_error([] { threshold_for_precision({}, 0.9); }, {"0.9", "detector is 0"});
  expect_error([] { threshold_for_rate({}, 2); }, {"2 detections", "predicts nothing"});
}

}  // namespace
}  // namespace spanlab
