// Runs a training with progress and says on stdout what came out.
#pragma once

#include <functional>
#include <optional>

#include "spanlab/train/run.h"

namespace spanlab::cli {

/// Calls `job` with options that show progress and stop on Ctrl-C; prints the summary. Throws
/// Interrupted if the user stopped it.
void run_and_summarise(int threads, bool quiet,
                       const std::function<RunResult(const RunOptions&)>& job);

}  // namespace spanlab::cli
