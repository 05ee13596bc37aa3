// From decided bars to detections: runs of bars above the threshold.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "spanlab/detect/bar_decider.h"
#include "spanlab/detect/detect.h"

namespace spanlab {

/// Maximal runs of bars with probability >= threshold, at least `shortest` bars long. A run ends
/// with its stretch of bars too.
class DetectionBuilder {
 public:
  DetectionBuilder(double threshold, int shortest, std::function<void(const Detection&)> on_found)
      : threshold_(threshold), shortest_(shortest), on_found_(std::move(on_found)) {}

  /// In the order of rows. A run is found with the first bar after it.
  void add(const DecidedBar& bar);

  /// The run at the end of the bars, as it is seen from bar `known_at`.
  void end(int64_t known_at);

  /// A copy that continues from here and reports to another callback.
  DetectionBuilder continued(std::function<void(const Detection&)> on_found) const {
    DetectionBuilder other = *this;
    other.on_found_ = std::move(on_found);
    return other;
  }

 private:
  void close(int64_t known_at);

  double threshold_;
  int shortest_;
  std::function<void(const Detection&)> on_found_;
  std::vector<DecidedBar> run_;
};

}  // namespace spanlab
