// Windows of features, cut from passing bars.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/features/pipeline.h"

namespace spanlab {

/// What is cut from the bars.
struct BarWindowsConfig {
  std::vector<int> features;  ///< numbers of the D columns, in order
  FeatureMode mode;
  int length;      ///< T, bars in a window
  int stride = 1;  ///< bars from one window's start to the next, at least 1
  int kept = 0;    ///< bars that copy_last() can reach; T if that is more
  bool every_bar = mode == FeatureMode::continuous;  ///< features are kept for copy_last()
};

/// Takes bars one at a time and keeps the last T of them, whatever the length of the series.
/// It is the one way from bars to a window's inputs, for training and for streams.
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

  /// The features of the last `rows` bars, [rows, D], of which so many have come since the start or
  /// restart; position_encoding means nothing in them. They run on from bar to bar in either mode.
  /// Needs BarWindowsConfig::every_bar.
  void copy_last(int rows, float* out) const;

 private:
  BarWindowsConfig config_;
  FeatureStream stream_;
  int64_t since_gap_ = 0;    // bars
  std::vector<Bar> bars_;    // [kept] a ring; for features that are restarted in each window
  std::vector<float> pass_;  // [kept, D] likewise, for others
};

}  // namespace spanlab
