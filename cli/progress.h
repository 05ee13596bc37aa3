// Progress on the terminal, of a training run or of other work, and a clean stop by Ctrl-C.
#pragma once

#include <signal.h>

#include <chrono>
#include <string>

#include "spanlab/train/run.h"

namespace spanlab::cli {

/// Shows a live line where stderr is a terminal, one line an epoch elsewhere, nothing if quiet.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress() { finish(); }  // an error must not follow on the live line
  void start(const RunStart& start);
  void epoch(const EpochReport& report);
  /// Ends the live line.
  void finish();

 private:
  bool quiet_, live_;
  bool open_line_ = false;
  int first_epoch_ = 0;
  std::chrono::steady_clock::time_point begin_;
};

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

}  // namespace spanlab::cli
