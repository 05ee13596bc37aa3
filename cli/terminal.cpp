// Asks the terminal for its width; writes documents.
#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "cli/exit_status.h"
#include "cli/output_file.h"
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
                     fmt::format("name it {}", with_ending(path, ".html")));
  }
  write_file_atomically(path, ending == ".html" ? html_of(document) : markdown_of(document));
}

void show_document(const std::string& option, const std::string& path, const Document& document) {
  if (!path.empty()) write_document(option, path, document);
  print_document(document);
  if (!path.empty()) fmt::print("\n  report    {}\n", path);
}

}  // namespace spanlab::cli
