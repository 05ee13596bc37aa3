// A Job for the terminal: shows where a long call stands, and stops it on Ctrl-C.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include "cli/exit_status.h"
#include "cli/progress.h"
#include "spanlab/base/job.h"

namespace spanlab::cli {

/// Shows a live line where stderr is a terminal, elsewhere a line a finished run, nothing if quiet.
class JobProgress {
 public:
  JobProgress(int threads, bool quiet);
  ~JobProgress() { finish(); }  // an error must not follow on the live line

  const Job& job() const { return job_; }
  /// Ends the live line.
  void finish();

 private:
  void show(const spanlab::Progress& progress);

  bool quiet_, live_;
  bool open_line_ = false;
  std::string stage_;
  double first_step_ = 0, runs_done_ = 0;  // of the stage
  std::chrono::steady_clock::time_point begin_;
  StopSignal signals_;
  std::stop_source stop_;
  Job job_;
  std::jthread watcher_;  // hands a signal on to the job
};

/// "the same command continues with the runs in FOLDER".
std::string continues_with(const std::filesystem::path& folder);

/// Does the work with progress; throws Interrupted if the user stopped it: "stopped; WHAT_NOW".
template <class Work>
auto or_interrupted(int threads, bool quiet, const std::string& what_now, const Work& work) {
  JobProgress progress(threads, quiet);
  try {
    return work(progress.job());
  } catch (const Stopped&) {
    throw Interrupted("stopped; " + what_now);
  }
}

}  // namespace spanlab::cli
