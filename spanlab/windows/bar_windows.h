// Windows of features, cut from bars as they pass.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/features/pipeline.h"

namespace spanlab {

/// What is cut from the bars.
struct BarWindowsConfig {
  std::vector<int> features;  ///< numbers of the D columns, in order
  FeatureMode mode;
  int length;  ///< T, bars in a window
  int stride;  ///< bars from one window's start to the next, at least 1
};

/// Takes bars one at a time and keeps the last T of them, whatever the length of the series.
/// The numbers are those that WindowFeatures gives for the same rows.
class BarWindows {
 public:
  explicit BarWindows(const BarWindowsConfig& config);

  /// Bars are missing before the next one: features start afresh, and the next window begins there.
  void restart();

  /// True if a window ends with this bar: the first T bars' and every `stride` bars from then on.
  bool push(const Bar& bar);

  /// Whether T bars have come since the start or restart.
  bool filled() const { return since_gap_ >= config_.length; }

  /// The window of the last T bars, [T, D], once they have come.
  void write(float* out) const;

 private:
  BarWindowsConfig config_;
  FeatureStream stream_;
  int64_t since_gap_ = 0;    // bars
  std::vector<Bar> bars_;    // [T] a ring; for features that are restarted in each window
  std::vector<float> pass_;  // [T, D] likewise, for others
};

}  // namespace spanlab
