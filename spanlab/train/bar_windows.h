// Windows of features, cut from bars as they pass.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "spanlab/features/pipeline.h"

namespace spanlab {

/// What is cut from the bars.
struct BarWindowsConfig {
  std::vector<int> features;  ///< numbers of the D columns, in order
  FeatureMode mode;
  int length;      ///< T, bars in a window
  int stride;      ///< bars from one window's start to the next, at least 1
  int64_t bar_ms;  ///< another step in time is a gap; 0: there are none
};

/// Takes bars one at a time and keeps the last T of them, whatever the length of the series.
/// No window crosses a gap: behind one the features start afresh and the next window begins.
/// The numbers are those that WindowFeatures gives for the same rows.
class BarWindows {
 public:
  explicit BarWindows(const BarWindowsConfig& config);

  /// True if a window ends with this bar; then `out` [T, D] is filled.
  bool push(const Bar& bar, float* out);

 private:
  void cut(float* out) const;

  BarWindowsConfig config_;
  FeatureStream stream_;
  std::optional<int64_t> last_ms_;
  int64_t since_gap_ = 0;    // bars
  std::vector<Bar> bars_;    // [T] a ring
  std::vector<float> pass_;  // [T, kFeatureCount] likewise
};

}  // namespace spanlab
