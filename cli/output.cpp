// Reads the terminal's width; writes documents.
#include "cli/output.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "cli/exit_status.h"
#include "spanlab/facade/run.h"

namespace spanlab::cli {

bool same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  // A path that cannot be resolved is no file yet; reading or writing it says what is wrong.
  std::error_code error;
  if (std::filesystem::equivalent(a, b, error)) return true;
  const auto whole_a = std::filesystem::weakly_canonical(std::filesystem::absolute(a), error);
  if (error) return false;
  const auto whole_b = std::filesystem::weakly_canonical(std::filesystem::absolute(b), error);
  return !error && whole_a == whole_b;
}

void require_own_file(const FileOption& output, std::initializer_list<FileOption> others) {
  if (output.path.empty()) return;  // to standard output
  for (const FileOption& other : others) {
    if (other.path.empty() || !same_file(output.path, other.path)) continue;
    throw UsageError(
        fmt::format("{} and {} are the same file, {}", output.option, other.option, output.path),
        fmt::format("give {} another name: the file would be overwritten", output.option));
  }
}

std::string with_ending(const std::string& path, const std::string& ending) {
  return std::filesystem::path(path).replace_extension(ending).string();
}

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
    throw UsageError(fmt::format("{} {}: a report must be a .html or .md file", option, path),
                     fmt::format("name it {}", with_ending(path, ".html")));
  }
  spanlab::write_document(path, document);
}

void show_document(const std::string& option, const std::string& path, const Document& document) {
  if (!path.empty()) write_document(option, path, document);
  print_document(document);
  if (!path.empty()) fmt::print("\n  report    {}\n", path);
}

}  // namespace spanlab::cli
