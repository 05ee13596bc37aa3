// Bars with labelled windows, and perhaps every span in them: what training starts from.
#pragma once

#include <filesystem>
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

/// The windows with all that is known of their spans, see join_spans(). Throws Error if windows or
/// spans do not fit the bars, see check_windows() and check_spans().
std::vector<Window> complete_windows(const Labelled& labelled, int length);

/// Weights that training may start from instead of random ones; none without bytes.
struct StartWeights {
  std::string bytes;  ///< of a safetensors file: of pretrain(), or a run's best_model.safetensors
  std::string name;   ///< for messages: the file's path
};
StartWeights read_start_weights(const std::filesystem::path& path);

/// Of all times, prices, windows and spans; not of names.
std::string content_hash(const Labelled& labelled);

}  // namespace spanlab
