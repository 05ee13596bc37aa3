// The command is written to a file that sh reads; its output goes to two files beside.
#include "tests/commands/shell.h"

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace spanlab::testing {

Shell::Shell() {
  std::filesystem::create_directory(folder());
  std::filesystem::create_directory(private_ / "bin");
  std::filesystem::create_symlink(SPANLAB_PROGRAM, private_ / "bin" / "spanlab");
  private_.write(
      "start",
      "unset SPANLAB_NAME SPANLAB_FAILPOINTS\n"
      "export SPANLAB_ISA=portable LC_ALL=C PATH=\"$0/bin:$PATH\"\n"
      "cd \"$0/folder\" && exec timeout 300 sh \"$0/line\" </dev/null >\"$0/out\" 2>\"$0/err\"\n");
}

ShellResult Shell::run(const std::string& line) const {
  private_.write("line", line + "\n");
  // The names of temporary folders have nothing that a shell reads.
  const std::string start = "sh -c '. \"$0/start\"' " + private_.path().string();
  const int ended = std::system(start.c_str());
  return {.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended),
          .out = private_.read("out"),
          .err = private_.read("err")};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace spanlab::testing
