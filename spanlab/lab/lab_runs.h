// The runs of a lab.
#pragma once

#include <vector>

#include "spanlab/base/job.h"
#include "spanlab/lab/lab.h"
#include "spanlab/train/run_queue.h"

namespace spanlab {

/// The runs of one experiment: the lab's split, and seeds that go up with the repetition, so that
/// every recipe meets the same splits. Throws Error (a patch that is refused).
std::vector<LabRun> runs_of(const LabConfig& config, const Experiment& experiment,
                            const TrainingData& data);

/// Runs the lab, or continues with it. Throws as run_lab() of labelled bars.
LabResult run_lab(const LabConfig& config, const TrainingData& data, const Job& job);

}  // namespace spanlab
