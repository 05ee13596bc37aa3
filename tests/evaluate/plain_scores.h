// The figures of a span detector written down a second time, plainly, to check the first.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <span>
#include <vector>

#include "spanlab/train/training_data.h"

namespace spanlab::test {

/// Counts of bars at a threshold.
struct BarCounts {
  double hits = 0, predicted = 0, labelled = 0;

  double precision() const { return hits / predicted; }
  double recall() const { return hits / labelled; }
  double f1() const { return 2 * hits / (predicted + labelled); }
};

inline BarCounts plain_counts(std::span<const float> probability, std::span<const float> mask,
                              double threshold) {
  BarCounts counts;
  for (size_t i = 0; i < mask.size(); ++i) {
    const bool predicted = static_cast<double>(probability[i]) >= threshold;
    counts.predicted += predicted;
    counts.labelled += mask[i] > 0.5F;
    counts.hits += predicted && mask[i] > 0.5F;
  }
  return counts;
}

/// The threshold of best F1: each probability is tried from the highest down, the first best one
/// wins, and the threshold lies in the middle between it and the next lower one.
inline double plain_threshold(std::span<const float> probability, std::span<const float> mask) {
  const std::set<float> distinct(probability.begin(), probability.end());
  const std::vector<float> levels(distinct.rbegin(), distinct.rend());
  double best = -1, threshold = 0;
  for (size_t l = 0; l < levels.size(); ++l) {
    const double level = static_cast<double>(levels[l]);
    const double f1 = plain_counts(probability, mask, level).f1();
    if (f1 <= best) continue;
    best = f1;
    threshold = l + 1 < levels.size() ? (level + static_cast<double>(levels[l + 1])) / 2 : level;
  }
  return threshold;
}

/// Mean over labelled bars of the precision among bars at least as probable.
inline double plain_average_precision(std::span<const float> probability,
                                      std::span<const float> mask) {
  double sum = 0, labelled = 0;
  for (size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] < 0.5F) continue;
    sum += plain_counts(probability, mask, static_cast<double>(probability[i])).precision();
    ++labelled;
  }
  return sum / labelled;
}

inline double plain_brier(std::span<const float> probability, std::span<const float> mask) {
  double sum = 0;
  for (size_t i = 0; i < mask.size(); ++i) {
    sum += std::pow(static_cast<double>(probability[i]) - static_cast<double>(mask[i]), 2);
  }
  return sum / static_cast<double>(mask.size());
}

/// 1 inside the spans of the windows, 0 outside, window by window; from the spans alone.
inline std::vector<float> plain_mask(const std::vector<Window>& windows,
                                     std::span<const int> chosen, int length) {
  std::vector<float> mask;
  for (const int w : chosen) {
    for (int t = 0; t < length; ++t) {
      const auto& spans = windows[static_cast<size_t>(w)].spans;
      const bool inside = std::any_of(spans.begin(), spans.end(), [&](const WindowSpan& span) {
        return t >= span.start && t <= span.end;
      });
      mask.push_back(inside ? 1.0F : 0.0F);
    }
  }
  return mask;
}

inline int plain_spans(const std::vector<Window>& windows, std::span<const int> chosen) {
  int spans = 0;
  for (const int w : chosen)
    spans += static_cast<int>(windows[static_cast<size_t>(w)].spans.size());
  return spans;
}

}  // namespace spanlab::test
