// Progress on stderr: of work in stages, and of a training run.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "spanlab/base/job.h"

namespace spanlab::cli {

/// The figure of that name, if the progress has it.
std::optional<double> figure(const Progress& progress, std::string_view name);

/// A line that is written over and over where stderr is a terminal.
class LiveLine {
 public:
  LiveLine();
  ~LiveLine() { finish(); }  // an error must not follow on the live line
  bool live() const { return live_; }
  void show(const std::string& text);
  /// Ends it.
  void finish();

 private:
  bool live_, open_ = false;
};

/// Shows a live line where stderr is a terminal, elsewhere a line a finished run, nothing if quiet.
class StageProgress {
 public:
  explicit StageProgress(bool quiet) : quiet_(quiet) {}
  void show(const Progress& progress);

 private:
  void begin_stage(const Progress& progress, double runs);

  bool quiet_;
  LiveLine line_;
  std::string stage_;
  double first_step_ = 0, runs_done_ = 0;  // of the stage
  std::chrono::steady_clock::time_point begin_;
};

/// Progress of Run::train() and Run::resume(): a live line where stderr is a terminal, one line an
/// epoch elsewhere, nothing if quiet.
class TrainingProgress {
 public:
  TrainingProgress(bool quiet, std::string folder, bool resumed);
  void show(const Progress& progress);
  void finish() { line_.finish(); }

  bool started() const { return started_; }
  int64_t first_epoch() const { return first_epoch_; }           ///< that was done before
  const std::optional<Progress>& last() const { return last_; }  ///< of an epoch

 private:
  void start(const Progress& progress);

  bool quiet_, resumed_, started_ = false;
  std::string folder_;
  LiveLine line_;
  int64_t first_epoch_ = 0;
  std::optional<Progress> last_;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace spanlab::cli
