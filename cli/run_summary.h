// Training with progress and a summary on stdout.
#pragma once

#include <functional>
#include <string>

#include "spanlab/facade/run.h"

namespace spanlab::cli {

/// How a run is shown, and how it continues.
struct Training {
  std::string folder;
  int threads = 0;
  bool quiet = false, resumed = false;
  bool brief = false;   ///< one line instead of the table of losses
  std::string go_on{};  ///< what the user is told to do after a stop or an error; empty: to resume
};

/// Calls `train` with a job that shows progress and stops on Ctrl-C; prints the summary. Throws
/// Interrupted if the user stopped it.
Run run_and_summarise(const Training& training, const std::function<Run(const Job&)>& train);

}  // namespace spanlab::cli
