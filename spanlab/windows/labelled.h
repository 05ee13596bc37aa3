// Bars with labelled windows, and possibly every span in them: the input of training.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Names that messages give to data: the files they come from.
struct LabelledNames {
  std::string bars = "the bars", windows = "the windows", spans = "the spans";
};

struct Labelled {
  Bars bars;
  std::vector<Window> windows;  ///< with their own labels
  /// Every span of the windows, which are then complete; without it, windows are as they say.
  std::optional<std::vector<Span>> spans;
  LabelledNames names;
};

/// Files of labelled bars.
struct LabelledFiles {
  std::filesystem::path bars;     ///< see read_bars()
  std::filesystem::path windows;  ///< see read_windows()
  std::filesystem::path spans{};  ///< see read_spans(); empty: none
};

/// Reads each file once. `length`: bars in a window. Throws Error as the readers do; whether
/// windows and spans fit the bars, complete_windows() tells.
Labelled read_labelled(const LabelledFiles& files, int length);

/// Throws Error naming row, window or span and field of the first fault, whatever made the data:
/// see require_usable(), check_each() and check_spans(). `length`: bars in a window; without it,
/// what depends on it is left to complete_windows().
void check_labelled(const Labelled& labelled, std::optional<int> length = {});

/// The windows with all that is known of their spans, see join_spans(). Throws Error as
/// check_labelled() does, or if windows do not fit the bars, see check_places().
std::vector<Window> complete_windows(const Labelled& labelled, int length);

/// Adds to each window every span that shows in its `length` bars, clipped to them. The window's
/// own spans stay first; a span that shares a bar with one of them is taken for the same expansion
/// and not added. A window without labelled span gets the first of the spans as its labelled one.
/// All windows are complete afterwards. `spans` must be sorted and disjoint, as read_spans() gives
/// them; check_spans() tells if they fit the bars.
void join_spans(std::vector<Window>& windows, const std::vector<Span>& spans, int length);

/// All spans of the windows by row, sorted and disjoint. Spans that share a bar are one expansion
/// that several windows show, some of them a part of it: they become one span, from the first bar
/// of any to the last bar of any, of the type of the longest. Directions are those of
/// direction_over(), scores 0. The windows must fit the series, see check_places().
std::vector<Span> labelled_spans(const Bars& series, const std::vector<Window>& windows);

/// Weights that training may start from instead of random ones; none without bytes.
struct StartWeights {
  std::string bytes;  ///< of a safetensors file: of pretrain(), or a run's best_model.safetensors
  std::string name;   ///< for messages: the file's path
};
StartWeights read_start_weights(const std::filesystem::path& path);
/// Atomically. Throws Error.
void write_start_weights(const std::filesystem::path& path, const StartWeights& weights);

/// Hashes of all times, prices, windows and spans; not of names.
struct ContentHashes {
  std::string whole;
  /// "bars", "windows" and, if there are spans, "spans".
  std::map<std::string, std::string> parts;
};
ContentHashes content_hashes(const Labelled& labelled);

}  // namespace spanlab
