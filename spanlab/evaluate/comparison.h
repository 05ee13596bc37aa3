// What differs between the settings of runs, and between their figures.
#pragma once

#include <string>
#include <vector>

#include "spanlab/metrics/metrics.h"

namespace spanlab {

/// A setting that is not the same in all runs.
struct SettingDifference {
  std::string name;                ///< "balancing.method"
  std::vector<std::string> value;  ///< one a run; "" where it is not known
};

/// Of R runs.
struct Comparison {
  std::vector<SettingDifference> settings;
  std::vector<std::string> warnings;  ///< why figures of runs should not be compared
  std::string tested_on;              ///< in words; empty if nothing could be tested
  /// [R, kMetricCount]; a run's are empty where it could not be tested.
  std::vector<std::vector<Interval>> metrics;
  /// [R, kMetricCount] from the first run, paired; empty where the windows are not the same.
  std::vector<std::vector<Interval>> difference;
};

}  // namespace spanlab
