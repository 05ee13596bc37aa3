// Two paths are one file if they resolve to it now, or would once it is written.
#include "cli/output_file.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/exit_status.h"

namespace spanlab::cli {
namespace {

bool same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  // A path that cannot be resolved is no file yet; reading or writing it says what is wrong.
  std::error_code error;
  if (std::filesystem::equivalent(a, b, error)) return true;
  const auto whole_a = std::filesystem::weakly_canonical(std::filesystem::absolute(a), error);
  if (error) return false;
  const auto whole_b = std::filesystem::weakly_canonical(std::filesystem::absolute(b), error);
  return !error && whole_a == whole_b;
}

}  // namespace

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

}  // namespace spanlab::cli
