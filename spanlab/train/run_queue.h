// Many runs in parallel, one thread each; runs that are complete are not repeated.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/base/job.h"
#include "spanlab/train/run.h"

namespace spanlab {

struct LabRun {
  std::string experiment;
  int repetition = 0;  ///< from 0
  Recipe recipe;       ///< with the repetition's seeds and the lab's split
  std::filesystem::path folder;
};

/// The folder's name ends with a hash of the recipe, the data and the instruction set, so that a
/// folder holds the same bits whenever its name is the same.
std::string run_folder_name(const std::string& experiment, int repetition, const Recipe& recipe,
                            const TrainingData& data);

/// Trains `runs` with as many at a time as the job has threads, continues with interrupted ones and
/// leaves completed ones alone. Progress: `stage`, a step an epoch of any run, those of completed
/// runs at once; figures "runs done", "runs". Throws the first run's error after the runs under way
/// have been stopped; Stopped: another call continues.
void train_runs(const std::vector<LabRun>& runs, const TrainingData& data, const std::string& stage,
                const Job& job);

}  // namespace spanlab
