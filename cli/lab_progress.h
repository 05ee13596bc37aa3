// Progress of a lab on the terminal: runs done, epochs done, time left.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "spanlab/lab/lab.h"

namespace spanlab::cli {

/// Shows a live line where stderr is a terminal, a line a finished run elsewhere, nothing if quiet.
class LabProgress {
 public:
  explicit LabProgress(bool quiet);
  ~LabProgress() { finish(); }
  /// Hooks that show what happens; they refer to this.
  LabHooks hooks();
  /// Ends the live line.
  void finish();

 private:
  void stage(const std::string& name, size_t runs);
  void done(const LabRun& run, bool was_there);
  void epoch(const LabRun& run, int epoch, int epochs);

  bool quiet_, live_;
  bool open_line_ = false;
  size_t runs_ = 0, done_ = 0;          // of the stage
  double trained_ = 0;                  // runs trained in this stage, parts of runs included
  std::map<std::string, double> part_;  // of a run under way that was trained here, by folder
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace spanlab::cli
