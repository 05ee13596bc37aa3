// A labelled window: a view of consecutive bars with the spans inside it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "spanlab/labels/spans.h"

namespace spanlab {

/// Default number of bars in a window.
inline constexpr int kWindowLength = 105;

/// A span within a window.
struct WindowSpan {
  int start;  ///< first bar, 0 = first bar of the window
  int end;    ///< last bar, inclusive
  SpanType type;

  int length() const { return end - start + 1; }  ///< bars
  bool operator==(const WindowSpan&) const = default;
};

/// Window `id` covers rows first_row .. first_row + length - 1 of its series.
struct Window {
  std::string id;           ///< unique in its file: "7", or "7_+52" for 7 shifted by 52 bars
  std::string base_id;      ///< the window this one was shifted from; its own id for a base window
  int64_t offset;           ///< bars that it was shifted by; 0 for a base window
  int64_t first_row;        ///< row of its first bar in the series
  double visible_fraction;  ///< part of the labelled span in the window, (0, 1]; 0 without one
  /// spans[0] is the labelled one that type, pointers and countdown speak of; further spans only
  /// enter the span task. Empty: a window without expansion.
  std::vector<WindowSpan> spans;
  /// All expansions in the window are labelled; else its other bars may hold more of them.
  bool complete = false;

  BarRange rows(int length) const { return {first_row, first_row + length}; }
  bool operator==(const Window&) const = default;
};

}  // namespace spanlab
