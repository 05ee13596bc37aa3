// Names of output files: refuses one that would destroy another file of the same command.
#pragma once

#include <initializer_list>
#include <string>

namespace spanlab::cli {

/// A file and the option that names it.
struct FileOption {
  std::string option;  ///< "--out"
  std::string path;    ///< empty: not given
};

/// Throws UsageError if `output` is the same file as one of `others`, however the paths are
/// written. An output that is not given is none.
void require_own_file(const FileOption& output, std::initializer_list<FileOption> others);

/// The path with another ending, for a hint: "c.pdf" is "c.html".
std::string with_ending(const std::string& path, const std::string& ending);

}  // namespace spanlab::cli
