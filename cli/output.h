// Writes documents to the terminal or to a file, and checks names of output files.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>

#include "spanlab/document/document.h"

namespace spanlab::cli {

/// A file and the option that names it.
struct FileOption {
  std::string option;  ///< "--out"
  std::string path;    ///< empty: not given
};

/// Whether two paths are one file, however they are written: now, or once it is written.
bool same_file(const std::filesystem::path& a, const std::filesystem::path& b);

/// Throws UsageError if `output` is the same file as one of `others`, however the paths are
/// written. An output that is not given is none.
void require_own_file(const FileOption& output, std::initializer_list<FileOption> others);

/// The path with another ending, for a hint: "c.pdf" is "c.html".
std::string with_ending(const std::string& path, const std::string& ending);

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
