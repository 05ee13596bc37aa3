// What training sees: the features and targets of all windows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/features/pipeline.h"
#include "spanlab/windows/targets.h"
#include "spanlab/windows/wide_input.h"
#include "spanlab/windows/window.h"
#include "spanlab/windows/window_inputs.h"

namespace spanlab {

/// N windows of T bars and D features.
struct Dataset {
  int windows = 0;                         ///< N
  int length = 0;                          ///< T
  int features = 0;                        ///< D
  std::vector<std::string> feature_names;  ///< D
  SharedFloats input;                      ///< [N, T, D]
  std::vector<uint8_t> labelled;           ///< [N] 1 if the window has a labelled span
  std::vector<int32_t> type;               ///< [N] class index; 0 where not labelled
  std::vector<float> pointers;             ///< [N, 2] (center, length) / T; 0 where not labelled
  std::vector<float> mask;                 ///< [N, T] 1 inside any span, else 0
  std::vector<float> countdown;  ///< [N, T] to the labelled span's first bar; 0 where not labelled
  /// [N, T] 1 for bars whose countdown enters the loss; empty: all bars of labelled windows.
  std::vector<uint8_t> countdown_counted;

  std::vector<std::vector<DirectedSpan>> spans;  ///< [N] all spans of a window
  std::vector<uint8_t> complete;                 ///< [N] 1 if a window's other bars hold no span
  SharedFloats mirrored_input;  ///< [N, T, D] of the mirrored bars, once it was added
  WideInput wide;               ///< with the bars around the windows, once it was added

  const float* input_of(int window) const {
    return input.data() + static_cast<size_t>(window) * static_cast<size_t>(length * features);
  }
};

/// The targets of every window (see targets.h), without inputs. Throws Error if a window does not
/// fit the series (see check_places()).
Dataset build_targets(const Bars& series, const std::vector<Window>& windows, int length,
                      CountdownTarget countdown);

/// Builds the dataset: features (by name, restarted in each window or cut from one continuous
/// pass) and the targets.
/// Throws Error if a feature is unknown or not finite, or a window does not fit the series (see
/// check_places()). `cache`: of this series; may be null.
Dataset build_dataset(const Bars& series, const std::vector<Window>& windows,
                      const WindowInputConfig& config, CountdownTarget countdown,
                      InputCache* cache = nullptr);

/// Fills the inputs of a dataset that has its targets. Throws likewise.
void add_input(const Bars& series, const std::vector<Window>& windows,
               const WindowInputConfig& config, Dataset& dataset, InputCache* cache = nullptr);

/// Fills `mirrored_input`: the same features of the mirrored bars, see mirrored().
void add_mirrored_input(const Bars& series, const std::vector<Window>& windows, FeatureMode mode,
                        Dataset& dataset, InputCache* cache = nullptr);

}  // namespace spanlab
