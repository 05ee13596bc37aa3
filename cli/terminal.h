// The terminal that the program writes to, and documents on it or in a file.
#pragma once

#include <string>

#include "spanlab/report/document.h"

namespace spanlab::cli {

/// Columns of standard output, at most 120; 100 where it is no terminal.
int terminal_width();

void print_document(const Document& document);

/// As HTML or Markdown, by the file's ending, atomically. Throws UsageError for another ending,
/// naming `option`.
void write_document(const std::string& option, const std::string& path, const Document& document);

/// On the terminal, and where `path` is not empty in that file too, by write_document(); ends with
/// where it went.
void show_document(const std::string& option, const std::string& path, const Document& document);

}  // namespace spanlab::cli
