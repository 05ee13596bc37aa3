// A live line of progress on a terminal; nothing elsewhere.
#pragma once

#include <string>

namespace spanlab::cli {

class ProgressLine {
 public:
  /// Silent if `quiet` or if stderr is no terminal.
  explicit ProgressLine(bool quiet);
  ~ProgressLine() { finish(); }  // an error must not follow on the live line
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const std::string& text);
  void finish();

 private:
  bool silent_;
  bool open_ = false;
};

}  // namespace spanlab::cli
