// The settings of a detector's use, and a detector changed by them.
#include "spanlab/detect/detector.h"

#include "spanlab/base/error.h"
#include "spanlab/base/settings.h"
#include "spanlab/detect/operating_points.h"

namespace spanlab {

std::vector<Setting> settings_of(DetectorUse& use) {
  return {
      integer_setting("detect.delay", use.delay, {0, 10'000},
                      "bars to wait before a bar is decided, one of the detector's delays "
                      "(default: its default delay)"),
      number_setting("detect.threshold", use.threshold, {0, 1},
                     "threshold of the probability of a bar (default: that of the best F1)"),
      number_setting("detect.precision", use.precision, {0, 1},
                     "choose the threshold for this precision of bars"),
      number_setting("detect.per_day", use.per_day, kPositive,
                     "choose the threshold for at most this many detections in 24 hours of bars"),
      integer_setting("detect.shortest", use.shortest, {1, kNoLimit},
                      "bars of the shortest detection (default: the shortest training span)")};
}

void check_use(const DetectorUse& use) {
  if (use.threshold.has_value() + use.precision.has_value() + use.per_day.has_value() > 1) {
    throw Error("detect.threshold, detect.precision and detect.per_day each choose the threshold",
                "give one of them");
  }
}

Detector used_as(Detector detector, const DetectorUse& use) {
  check_use(use);
  if (use.delay) detector.default_delay = detector.at_delay(*use.delay).delay;
  if (use.shortest) detector.shortest = *use.shortest;
  std::optional<double> chosen = use.threshold;
  if (use.precision) chosen = threshold_for_precision(detector.points, *use.precision);
  if (use.per_day) chosen = threshold_for_rate(detector.points, *use.per_day);
  if (chosen) {
    for (DelayRow& row : detector.delays) row.threshold = *chosen;
  }
  return detector;
}

}  // namespace spanlab
