// Asks the terminal for its width; writes documents.
#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "cli/exit_status.h"
#include "spanlab/base/file.h"

namespace spanlab::cli {

int terminal_width() {
  constexpr int kWidest = 120, kNoTerminal = 100, kNarrowest = 40;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kNoTerminal;
  return std::clamp<int>(size.ws_col, kNarrowest, kWidest);
}

void print_document(const Document& document) {
  fmt::print("{}", terminal_text_of(document, terminal_width()));
}

void write_document(const std::string& option, const std::string& path, const Document& document) {
  const std::string ending = std::filesystem::path(path).extension().string();
  if (ending != ".html" && ending != ".md") {
    throw UsageError(fmt::format("{} {}: a report is a .html or a .md file", option, path),
                     fmt::format("name it {}.html", path));
  }
  write_file_atomically(path, ending == ".html" ? html_of(document) : markdown_of(document));
}

}  // namespace spanlab::cli
