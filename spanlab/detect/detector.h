// A detector: its members, and what turns their predictions into detections. One file contains all
// of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/base/byte_source.h"
#include "spanlab/metrics/calibration_map.h"
#include "spanlab/recipe/recipe.h"

namespace spanlab {

/// What the detector reached, out of fold, when a bar was decided `delay` bars after it.
struct DelayRow {
  int delay;             ///< bars
  double threshold = 0;  ///< of best F1 at this delay, on calibrated probabilities
  double average_precision = 0, f1 = 0, precision = 0, recall = 0;

  bool operator==(const DelayRow&) const = default;
};

/// A mean and a standard deviation over the bars that the detector was trained on.
struct InputScale {
  double mean, deviation;

  bool operator==(const InputScale&) const = default;
};

/// What a threshold gives, out of fold.
struct OperatingPoint {
  double threshold;
  double precision, recall;  ///< of bars
  double per_day;            ///< detections in 24 hours of bars

  bool operator==(const OperatingPoint&) const = default;
};

struct Detector {
  Recipe recipe;                            ///< of the members; their seeds differ
  std::vector<std::vector<float>> members;  ///< [E][parameters]
  CalibrationMap calibration;               ///< of the members' mean probability
  int stride = 0;                           ///< bars between the ends of windows
  int shortest = 1;                         ///< bars of the shortest detection
  std::vector<DelayRow> delays;             ///< ascending by delay, at least one
  int default_delay = 0;                    ///< one of `delays`
  std::vector<OperatingPoint> points;       ///< at the default delay, ascending
  int64_t bar_ms = 0;                       ///< of the bars that it was trained on
  std::vector<InputScale> inputs;           ///< [D] of the features there
  std::string data_hash;                    ///< of all that training saw
  std::string version;                      ///< of the program that made it

  /// The row of a delay; throws Error with the delays there are.
  const DelayRow& at_delay(int delay) const;
};

/// One safetensors file: tensors member.<i>.<parameter>, everything else as metadata. Atomic.
void write_detector(const std::filesystem::path& path, const Detector& detector);

/// Throws Error naming the file: no detector, metadata or tensors that are missing, damaged or do
/// not fit one another.
Detector parse_detector(Bytes bytes);
/// The same of a file; throws Error if it cannot be read, too.
Detector read_detector(const std::filesystem::path& path);

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
