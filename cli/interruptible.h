// Long calls that Ctrl-C stops.
#pragma once

#include <signal.h>

#include <filesystem>
#include <functional>
#include <string>
#include <thread>

#include "cli/exit_status.h"
#include "cli/progress.h"
#include "spanlab/base/job.h"

namespace spanlab::cli {

/// While it lives, Ctrl-C (and a polite kill) sets a flag instead of ending the program; a second
/// one ends it. A signal that the parent had ignored stays ignored.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  static bool requested();

 private:
  struct sigaction interrupt_before_, terminate_before_;
};

/// A Job that stops on Ctrl-C. `show`: gets its progress; may be empty.
class InterruptibleJob {
 public:
  InterruptibleJob(int threads, std::function<void(const Progress&)> show);
  const Job& job() const { return job_; }

 private:
  StopSignal signals_;
  std::stop_source stop_;
  Job job_;
  std::jthread watcher_;  // hands a signal on to the job
};

/// "the same command continues with the runs in FOLDER".
std::string continues_with(const std::filesystem::path& folder);

/// Does the work with progress by stages; throws Interrupted if the user stopped it: "stopped;
/// WHAT_NOW".
template <class Work>
auto or_interrupted(int threads, bool quiet, const std::string& what_now, const Work& work) {
  StageProgress shown(quiet);
  const InterruptibleJob job(threads, [&](const Progress& progress) { shown.show(progress); });
  try {
    return work(job.job());
  } catch (const Stopped&) {
    throw Interrupted("stopped; " + what_now);
  }
}

}  // namespace spanlab::cli
