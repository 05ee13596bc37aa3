// Starts the built program as a user would, and says how it ended.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace spanlab::testing {

struct RunOptions {
  std::vector<std::string> environment{};  ///< "NAME=value", added to the test's own
  std::string input{};                     ///< what the program reads from stdin
  bool open_pipe = false;                  ///< stdin is a pipe that nobody closes, at most 64 KiB
  std::filesystem::path folder{};          ///< working directory; empty: the test's own
  std::filesystem::path output{};          ///< stdout goes to this file; empty: to RunResult::out
  /// Sends `signal` after `signal_after`, unless the program has ended by then.
  std::optional<int> signal{};
  std::chrono::milliseconds signal_after{0};
  /// A signal that the program finds ignored, as SIGINT is in the background jobs of a script.
  std::optional<int> ignored{};
};

struct RunResult {
  int status = 0;        ///< exit status, or minus the signal that ended it
  std::string out, err;  ///< all of stdout and stderr
  double seconds = 0;    ///< from start to end
  int64_t peak_kib = 0;  ///< largest memory in use (resident set), KiB
};

/// Runs `spanlab arguments...` to its end. Throws std::runtime_error if it cannot be started.
RunResult run_program(const std::vector<std::string>& arguments, const RunOptions& options = {});

}  // namespace spanlab::testing
