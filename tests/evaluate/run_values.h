// Plain recomputation of a run's figures, for tests of folds, members and labs.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/fit/out_of_fold.h"
#include "spanlab/metrics/metrics.h"

namespace spanlab {

/// Equal, or both NaN.
inline void expect_same_number(double a, double b, const std::string& what) {
  if (std::isnan(a) && std::isnan(b)) return;
  EXPECT_DOUBLE_EQ(a, b) << what;
}

inline std::string name_of_metric(size_t metric) {
  return std::string(metric_table()[metric].name);
}

inline void expect_same_intervals(const std::vector<Interval>& a, const std::vector<Interval>& b) {
  ASSERT_EQ(a.size(), static_cast<size_t>(kMetricCount));
  ASSERT_EQ(b.size(), a.size());
  for (size_t m = 0; m < a.size(); ++m) {
    expect_same_number(a[m].value, b[m].value, name_of_metric(m));
    expect_same_number(a[m].low, b[m].low, name_of_metric(m) + ", low");
    expect_same_number(a[m].high, b[m].high, name_of_metric(m) + ", high");
  }
}

/// The folder in `runs` whose name starts with `start`, of which there must be one.
inline std::filesystem::path run_folder(const std::filesystem::path& runs,
                                        const std::string& start) {
  std::filesystem::path found;
  for (const auto& entry : std::filesystem::directory_iterator(runs)) {
    if (!entry.path().filename().string().starts_with(start)) continue;
    EXPECT_TRUE(found.empty()) << "two folders start with " << start;
    found = entry.path();
  }
  EXPECT_FALSE(found.empty()) << "no folder starts with " << start;
  return found;
}

/// Bars of chosen windows, one window after the other.
struct ScoredBars {
  std::vector<float> probability, mask;
  std::vector<int> group;  ///< a window each
  int length = 0;

  ScoredWindows scored() const {
    return {static_cast<int>(group.size()), length, probability, mask, group};
  }
};

/// `probability` [N, T] of the windows `chosen` with their labels; each window a group of its own.
inline ScoredBars bars_of(const Dataset& dataset, std::span<const int> chosen,
                          const std::vector<float>& probability) {
  ScoredBars bars{probability, {}, {}, dataset.length};
  for (const int window : chosen) {
    for (int t = 0; t < dataset.length; ++t) {
      bars.mask.push_back(dataset.mask[static_cast<size_t>(window * dataset.length + t)]);
    }
    bars.group.push_back(static_cast<int>(bars.group.size()));
  }
  return bars;
}

struct Counts {
  double hits = 0, predicted = 0, inside = 0;

  double precision() const { return hits / predicted; }
  double recall() const { return hits / inside; }
  double f1() const { return 2 * hits / (predicted + inside); }
};

inline Counts counts_at(const ScoredBars& bars, double threshold) {
  Counts counts;
  for (size_t i = 0; i < bars.mask.size(); ++i) {
    const bool inside = bars.mask[i] > 0, predicted = double{bars.probability[i]} >= threshold;
    counts.inside += inside ? 1 : 0;
    counts.predicted += predicted ? 1 : 0;
    counts.hits += inside && predicted ? 1 : 0;
  }
  return counts;
}

/// The highest F1 that a threshold reaches: every probability is tried.
inline double highest_f1(const ScoredBars& bars) {
  double highest = 0;
  for (const float threshold : std::set(bars.probability.begin(), bars.probability.end())) {
    highest = std::max(highest, counts_at(bars, threshold).f1());
  }
  return highest;
}

}  // namespace spanlab
