// The training loop: start reading here.
#pragma once

#include <array>
#include <functional>
#include <optional>

#include "spanlab/runs/run_folder.h"
#include "spanlab/runs/tables.h"
#include "spanlab/train/checkpoint.h"
#include "spanlab/train/learner.h"
#include "spanlab/windows/split.h"

namespace spanlab {

/// What the validation windows say after an epoch.
struct ValidationReport {
  TaskCells task;   ///< mean loss of each task; empty: not in the recipe, or no targets
  double loss;      ///< mean plain sum over the recipe's tasks
  Cell span_f1;     ///< at threshold 0.5; empty without the span task
  Cell separation;  ///< mean probability inside minus outside spans; empty likewise
};

/// What a caller sees after every epoch.
struct EpochReport {
  int epoch, epochs;
  double train_loss;  ///< mean training total
  std::optional<ValidationReport> validation;
  std::array<double, kTaskCount> weights;  ///< shares of the tasks in the balancing
  double seconds;                          ///< of this epoch
};

/// What the caller can do while training runs.
struct LoopHooks {
  std::function<void(const EpochReport&)> on_epoch;  ///< may be empty
  std::function<bool()> stop_requested;              ///< asked between batches; may be empty
};

/// Where the loop ended.
struct LoopResult {
  RunProgress progress;
  bool stopped = false;  ///< before the last epoch, on request; resume continues
};

/// Trains from `progress.epoch` + 1 to the recipe's last epoch, or until its patience is over:
/// shuffled batches, then validation, rows of the tables, and at the recipe's cadence and at the
/// end a checkpoint. The best model so far is written with each checkpoint. On a stop request the
/// state at the start of the epoch is saved, so that resuming repeats that epoch.
LoopResult train_loop(const Recipe& recipe, const Dataset& dataset, const Split& split,
                      const RunFolder& folder, Learner& learner, RunTables& tables,
                      RunProgress progress, const LoopHooks& hooks);

}  // namespace spanlab
