// Runs command lines by /bin/sh in a fresh folder, with the built program on the path as `spanlab`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/temporary_folder.h"

namespace spanlab::testing {

struct ShellResult {
  int status = 0;        ///< as a shell reports it: 130 after Ctrl-C
  std::string out, err;  ///< all of stdout and stderr
};

/// The environment is the test's own, but for the program's variables: the plain kernels run, so
/// that the same digits are printed on every machine.
class Shell {
 public:
  Shell();

  /// One command line, or several. stdin is empty. What runs longer than five minutes is ended.
  ShellResult run(const std::string& line) const;

  /// Where commands run: an empty folder at the start, removed with this.
  std::filesystem::path folder() const { return private_ / "folder"; }

 private:
  TemporaryFolder private_;
};

std::vector<std::string> lines_of(const std::string& text);

}  // namespace spanlab::testing
