// The bytes of a file from front to back, decompressed if it is gzip.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace spanlab {

/// A path as messages name it: the path, "standard input" for /dev/stdin.
std::string name_of_source(const std::filesystem::path& path);

/// Opens a plain or gzip file (told by its first bytes) and reads it in order. A pipe or terminal
/// is read as it is, gzip or not, and answers with what has come.
class ByteSource {
 public:
  /// `stop`: asked again and again while a pipe is waited for; true ends it as if all had been
  /// read; may be empty. Throws Error (no such file, a folder, no permission).
  explicit ByteSource(const std::filesystem::path& path, std::function<bool()> stop = {});
  ~ByteSource();

  /// Puts up to `size` bytes to `out`; returns how many, 0 at the end.
  /// Throws Error (disk error; gzip data that are damaged or end too early).
  size_t read(char* out, size_t size);

 private:
  size_t read_pipe(char* out, size_t size);
  bool wait_for_pipe() const;

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spanlab
