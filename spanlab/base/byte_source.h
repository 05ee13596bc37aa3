// The bytes of a file, or of a text in memory, from start to end, decompressed if they are gzip.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace spanlab {

/// A path as messages name it: the path, "standard input" for /dev/stdin.
std::string name_of_source(const std::filesystem::path& path);

/// A file's content in memory, under the name that messages give it. Views: both must outlive it.
struct Bytes {
  std::string_view bytes, name;
};

/// Opens a plain or gzip file (told by its first bytes) and reads it in order. A pipe or terminal
/// is read as it is, gzip or not, and answers with what has come.
class ByteSource {
 public:
  /// `stop`: asked again and again while a pipe is waited for; true ends it as if all had been
  /// read; may be empty. Throws Error (no such file, a folder, no permission).
  explicit ByteSource(const std::filesystem::path& path, std::function<bool()> stop = {});
  /// The bytes must outlive this.
  explicit ByteSource(Bytes memory);
  ByteSource(ByteSource&&) noexcept;
  ~ByteSource();

  const std::string& name() const;  ///< for messages

  /// Puts up to `size` bytes to `out`; returns how many, 0 at the end.
  /// Throws Error (disk error; gzip data that are damaged or end too early).
  size_t read(char* out, size_t size);

 private:
  size_t read_pipe(char* out, size_t size);
  bool wait_for_pipe() const;
  size_t inflate(char* out, size_t size);
  [[noreturn]] void fail_damaged(const char* why) const;

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spanlab
