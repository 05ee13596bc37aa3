// Runs side by side: what differs in their settings, and what that did.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spanlab/diagnose/held_out.h"
#include "spanlab/diagnose/run_evidence.h"
#include "spanlab/measure/metrics.h"

namespace spanlab {

/// A setting that is not the same in all runs.
struct SettingDifference {
  std::string name;                ///< "loss.balancing"
  std::vector<std::string> value;  ///< one a run; "" where it is not known
};

struct RunComparison {
  std::vector<RunEvidence> runs;  ///< R, as given
  std::vector<SettingDifference> settings;
  std::vector<std::string> warnings;  ///< why figures of runs should not be compared
  std::string tested_on;              ///< in words; empty if nothing could be tested
  /// [R, kMetricCount]; a run's are empty where it could not be tested.
  std::vector<std::vector<Interval>> metrics;
  /// [R, kMetricCount] from the first run, paired; empty where the windows are not the same.
  std::vector<std::vector<Interval>> difference;
};

/// On the held-out stretch if there is one, else on each run's own validation windows. Throws Error
/// if a folder is no run, or the stretch does not fit one of the runs.
RunComparison compare_runs(const std::vector<std::filesystem::path>& folders,
                           const std::optional<HeldOutInputs>& held_out, int threads);

}  // namespace spanlab
