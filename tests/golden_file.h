// Compares a text with a golden file of the tree, or rewrites the file.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace spanlab {

/// Compares `text` with `file`, a path relative to the project's root, where tests run. A
/// difference fails the test and shows the first line that differs. With SPANLAB_ACCEPT=1 in the
/// environment the file is rewritten instead: look at the change before you commit it.
inline void expect_golden(const std::string& file, const std::string& text) {
  const char* accept = std::getenv("SPANLAB_ACCEPT");
  if (accept != nullptr && std::string(accept) == "1") {
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    ASSERT_TRUE(out) << "cannot write " << file;
    return;
  }
  std::ifstream in(file, std::ios::binary);
  ASSERT_TRUE(in) << "cannot read " << file
                  << ": run from the project's root; SPANLAB_ACCEPT=1 writes a new file";
  const std::string expected{std::istreambuf_iterator<char>(in), {}};
  if (text == expected) return;

  std::istringstream old_lines(expected), new_lines(text);
  for (int number = 1;; ++number) {
    std::string old_line, new_line;
    const bool has_old = static_cast<bool>(std::getline(old_lines, old_line));
    const bool has_new = static_cast<bool>(std::getline(new_lines, new_line));
    if (has_old && has_new && old_line == new_line) continue;
    if (!has_old && !has_new) {
      old_line = new_line = "(the same lines, but the newline at the end differs)";
    }
    ADD_FAILURE() << file << ":" << number
                  << " differs\n  expected: " << (has_old || !has_new ? old_line : "(end of file)")
                  << "\n  got:      " << (has_new || !has_old ? new_line : "(end of text)")
                  << "\nIf the change is meant, run again with SPANLAB_ACCEPT=1 and look at the "
                     "difference.";
    return;
  }
}

}  // namespace spanlab
