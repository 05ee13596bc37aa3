// How a detector is used: when it decides, from which probability on, and what is too short.
#pragma once

#include <optional>
#include <vector>

#include "spanlab/detect/detector.h"

namespace spanlab {

struct Setting;

/// What is not set is the detector's own. At most one of threshold, precision and per_day is set.
struct DetectorUse {
  std::optional<int> delay{};         ///< bars, one of the detector's
  std::optional<double> threshold{};  ///< of probability
  std::optional<double> precision{};  ///< of bars: the threshold that keeps it
  std::optional<double> per_day{};    ///< detections in 24 hours of bars: the threshold for it
  std::optional<int> shortest{};      ///< bars of the shortest detection
};

/// detect.delay and so on, bound to the fields of `use`.
std::vector<Setting> settings_of(DetectorUse& use);

/// Throws Error if more than one of the three chooses the threshold.
void check_use(const DetectorUse& use);

/// The detector with that default delay, with those thresholds at every delay, and that shortest
/// detection. Throws Error: as check_use(), a delay that it has not, a precision or rate that no
/// threshold keeps.
Detector used_as(Detector detector, const DetectorUse& use);

}  // namespace spanlab
