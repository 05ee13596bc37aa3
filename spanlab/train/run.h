// A whole run: from labelled bars to a complete run folder, and its continuation.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "spanlab/recipe/recipe.h"
#include "spanlab/train/loop.h"
#include "spanlab/train/training_data.h"

namespace spanlab {

/// What a run starts from, for the caller to show before the first epoch.
struct RunStart {
  int64_t bar_faults;  ///< faults that a check of the bars finds
  int windows, train, validation;
  int left_out;          ///< windows on neither side of a split by time
  int leaking;           ///< validation windows that share bars or a base window with training ones
  int unlabelled_train;  ///< training windows without any span
  int unlabelled_validation;  ///< validation windows without any span
  int types_in_training;      ///< classes of the type task among the training windows
  size_t parameters;
  int threads;
  bool resumed;
  int epochs_done;  ///< where a resumed run continues: 0 if no state was saved before the break
  int started;      ///< parameters (tensors) that begin as those of TrainingData::start()
};

/// How a run is done: nothing here changes the result but on_data and on_learner.
struct RunOptions {
  int threads = 0;  ///< 0: as many as processors
  std::function<void(const RunStart&)> on_start;
  LoopHooks hooks;
  // Ways to intervene, for experiments; a resumed run needs the same ones. May be empty.
  /// Given the data before the learner is built from them. The run's hash stays that of the data.
  std::function<void(RunData&)> on_data;
  /// Given the learner once it is built; a resumed run loads its state afterwards.
  std::function<void(Learner&)> on_learner;
};

/// How a run ended.
struct RunResult {
  LoopResult loop;
  std::filesystem::path folder;
  std::string weights_hash;   ///< of the parameters at the end
  double seconds = 0;         ///< of this call, reading included
  bool was_complete = false;  ///< a resumed run with nothing left to do
};

/// Trains into `folder`, which must be new or empty; it gets a copy of the data, so that it can be
/// moved, resumed and diagnosed by itself. Several threads may train at the same time, each into a
/// folder of its own. Throws Error (bad inputs, a folder in use).
RunResult train_run(const Recipe& recipe, const TrainingData& source,
                    const std::filesystem::path& folder, const RunOptions& options);

/// Goes on with the run in `folder` from its last saved state and ends with the bits of an
/// uninterrupted run. A completed run is left as it is, but for its copy of the data. `given`:
/// what it was started with, if that is at hand; else the folder's copy is read. Throws Error (no
/// run there, other data, damaged checkpoints).
RunResult resume_run(const std::filesystem::path& folder, const RunOptions& options,
                     const TrainingData* given = nullptr);

}  // namespace spanlab
