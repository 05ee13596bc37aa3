// What may be wrong with labelled windows before training: places, conflicts, size, targets.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "spanlab/windows/dataset.h"
#include "spanlab/windows/split.h"
#include "spanlab/windows/targets.h"
#include "spanlab/windows/window.h"

namespace spanlab {

inline constexpr int kDeciles = 10;

/// Where labelled spans lie in their windows, by tenths of the window.
struct PositionStats {
  int spans = 0;                            ///< labelled spans counted
  std::array<int, kDeciles> count{};        ///< by the decile in which the centre lies
  std::array<double, kDeciles> expected{};  ///< if all places where a span fits were equally likely
  double chi_square = 0.0;                  ///< of count against expected
  int freedom = 0;                          ///< its degrees of freedom; 0: too few spans to tell
  double p_value = 1.0;                     ///< chance of a chi_square as large
  int preferred = 0;                        ///< decile with the most centres, the first of equals
  double preferred_share = 0.0;             ///< part of the spans in it
};

/// Counts the labelled spans of the windows `chosen` (indices). A span of L bars fits at the
/// `length` - L + 1 places of a window; its centre is (start + end + 1) / 2 bars from the window's
/// left edge. Deciles that expect less than one span are pooled with the next ones for chi_square
/// (Pearson, 1900). Windows that share bars are counted as if they were independent, which makes
/// p_value too small: choose one of each group where that matters.
PositionStats label_positions(const std::vector<Window>& windows, const std::vector<int>& chosen,
                              int length);

/// Two windows that share bars and say different things about some of them.
struct Conflict {
  int a, b;              ///< indices of the windows, a before b by first row
  int shared_bars;       ///< bars in both
  int conflicting_bars;  ///< of these: in a span of one only, or in spans of different type
};

/// All such pairs, by first row. A bar says: no span, or the type of the first span that covers it.
std::vector<Conflict> conflicting_windows(const std::vector<Window>& windows, int length);

/// A window that repeats another.
struct Duplicate {
  int first, again;  ///< indices; `first` is the first of its kind in the list
};

/// Windows with the same first row and the same spans as an earlier one of the list, in order.
std::vector<Duplicate> duplicate_windows(const std::vector<Window>& windows);

/// Part of the countdown targets of the labelled windows among `chosen` that lie at the clip, 20
/// bars or more from the span's start; of bars without loss (masked) none counts. 0 without
/// targets. `target`: what the dataset was built with.
double saturated_countdown_share(const Dataset& dataset, const std::vector<int>& chosen,
                                 CountdownTarget target);

/// Windows by what their labelled span is.
struct TypeCounts {
  int consolidations = 0, retracements = 0, unlabelled = 0;
};

TypeCounts count_types(const std::vector<Window>& windows, const std::vector<int>& chosen);

}  // namespace spanlab
