// Training with progress and a summary on stdout.
#pragma once

#include <functional>
#include <string>

#include "spanlab/train/run.h"

namespace spanlab::cli {

/// Calls `job` with options that show progress and stop on Ctrl-C; prints the summary. Throws
/// Interrupted if the user stopped it. `go_on`: what the user is told to do after a stop or an
/// error; empty: to resume the run.
void run_and_summarise(int threads, bool quiet,
                       const std::function<RunResult(const RunOptions&)>& job,
                       const std::string& go_on = {});

}  // namespace spanlab::cli
