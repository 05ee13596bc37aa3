// The runs of a lab: trained side by side, a thread each; what is there already is not repeated.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "spanlab/lab/experiment.h"
#include "spanlab/train/run.h"

namespace spanlab {

struct LabRun {
  std::string experiment;
  int repetition = 0;  ///< from 0
  Recipe recipe;       ///< with the repetition's seeds and the lab's split
  std::filesystem::path folder;
};

/// The folder's name ends with a hash of the recipe, the contents of the input files and the
/// instruction set, so that a folder holds the same bits whenever its name is the same.
/// Throws Error if an input cannot be read.
std::string run_folder_name(const std::string& experiment, int repetition, const Recipe& recipe,
                            const std::string& inputs_hash);

/// Of the contents of the input files and the instruction set. Throws Error.
std::string hash_of_inputs(const RunInputs& inputs);

/// What a caller sees and can do. All are called from several threads, one at a time.
struct LabRunsHooks {
  std::function<void(const LabRun& run, bool was_there)> on_done;          ///< may be empty
  std::function<void(const LabRun& run, int epoch, int epochs)> on_epoch;  ///< may be empty
  std::function<bool()> stop_requested;                                    ///< may be empty
};

/// Trains `runs` with `threads` runs at a time, goes on with interrupted ones and leaves completed
/// ones alone. False if it was stopped: another call goes on. Throws the first run's error, after
/// the runs under way have been stopped.
bool train_runs(const std::vector<LabRun>& runs, const RunInputs& inputs, int threads,
                const LabRunsHooks& hooks);

}  // namespace spanlab
