// Rewrites one line of stderr.
#include "cli/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace spanlab::cli {

ProgressLine::ProgressLine(bool quiet) : silent_(quiet || isatty(STDERR_FILENO) == 0) {}

void ProgressLine::show(const std::string& text) {
  if (silent_) return;
  fmt::print(stderr, "\r{} \x1b[K", text);
  open_ = true;
}

void ProgressLine::finish() {
  if (open_) fmt::print(stderr, "\n");
  open_ = false;
}

}  // namespace spanlab::cli
