// What comes out of a run: the summary of its training on stdout, the files of its diagnosis.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/train/run.h"
#include "spanlab/train/training_data.h"

namespace spanlab::cli {

/// Calls `job` with options that show progress and stop on Ctrl-C; prints the summary. Throws
/// Interrupted if the user stopped it. `go_on`: what the user is told to do after a stop or an
/// error; empty: to resume the run.
void run_and_summarise(int threads, bool quiet,
                       const std::function<RunResult(const RunOptions&)>& job,
                       const std::string& go_on = {});

struct RunReport {
  std::vector<Finding> findings;
  std::vector<std::string> notes;  ///< as RunEvidence::notes
};

/// Diagnoses the run in `run` and writes the three files into `folder`. `data`: as for
/// gather_run().
RunReport write_run_report(const std::filesystem::path& run, const std::filesystem::path& folder,
                           int threads, const TrainingData* data = nullptr);

}  // namespace spanlab::cli
