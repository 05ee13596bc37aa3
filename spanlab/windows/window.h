// A labelled window: consecutive bars of a series with the spans inside them. Reads, writes and
// counts windows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/base/byte_source.h"
#include "spanlab/features/pipeline.h"
#include "spanlab/labels/spans.h"

namespace spanlab {

/// Default number of bars in a window.
inline constexpr int kWindowLength = 105;

/// Windows and their inputs by name, as a recipe has them.
struct WindowInputConfig {
  int window = kWindowLength;         ///< T, bars
  std::vector<std::string> features;  ///< D names, in the order of the model's inputs
  FeatureMode feature_mode = FeatureMode::per_window;
};

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

/// Reads a windows file. Columns window_id, first_row, expansion_start, expansion_end (bars in the
/// window, inclusive), type; optional base_window_id (the window's own id if absent), offset (0),
/// visible_fraction (1), labels (complete or single, single if absent) and further_spans ("50 60
/// retracement;70 72 consolidation"). A window without expansion has empty start, end and type.
/// Throws Error naming file, row and column: no row, bad cell, a window with a fault (see
/// fault_in(), check_ids()), unknown type or labels.
std::vector<Window> read_windows(ByteSource source, int length = kWindowLength);
std::vector<Window> read_windows(const std::filesystem::path& path, int length = kWindowLength);

/// A windows file's text, which reads back to equal windows. further_spans is left out if no window
/// has several spans.
std::string windows_csv(const std::vector<Window>& windows);
/// Writes the windows for people, atomically: visible_fraction to 4 decimals, and only the labelled
/// span of a window, as further ones belong to the spans file.
void write_windows(const std::filesystem::path& path, const std::vector<Window>& windows);

/// Counts of windows, unless said otherwise.
struct WindowsSummary {
  int windows = 0;
  int shifted = 0;              ///< from a base window (offset not 0)
  int consolidations = 0;       ///< labelled with this type
  int retracements = 0;         ///< labelled with this type
  int partly_visible = 0;       ///< labelled, but the span reaches out of the window
  int sharing_bars = 0;         ///< share at least one bar with another window
  int groups = 0;               ///< number of groups, see groups.h
  int64_t labelled_bars = 0;    ///< bars inside the labelled spans
  int64_t span_bars = 0;        ///< bars inside any span
  double base_rate = 0.0;       ///< labelled_bars over all bars of the windows
  double span_base_rate = 0.0;  ///< span_bars over all bars of the windows
};

/// `length`: bars in a window.
WindowsSummary summarise_windows(const std::vector<Window>& windows, int length);

}  // namespace spanlab
