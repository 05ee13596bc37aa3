// Several runs: their evidence and the comparison of it.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "spanlab/evaluate/comparison.h"
#include "spanlab/evaluate/held_out.h"
#include "spanlab/evaluate/run_evidence.h"

namespace spanlab {

struct RunComparison : Comparison {
  std::vector<RunEvidence> runs;  ///< R, as given
};

/// On the held-out stretch if there is one, else on each run's own validation windows. Throws Error
/// if a folder is no run, no run can be tested, or the stretch does not fit one of the runs.
RunComparison compare_runs(const std::vector<std::filesystem::path>& folders,
                           const std::optional<HeldOut>& held_out, int threads);

}  // namespace spanlab
