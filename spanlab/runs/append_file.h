// A file that only grows, by whole pieces.
#pragma once

#include <filesystem>
#include <string_view>

namespace spanlab {

class AppendFile {
 public:
  /// A new, empty file; one that is there is emptied. Throws Error.
  static AppendFile create(const std::filesystem::path& path);
  /// An existing file, to write after its end. Throws Error.
  static AppendFile open(const std::filesystem::path& path);
  AppendFile(AppendFile&& other) noexcept;
  ~AppendFile();

  /// Adds the piece whole, with one write, or not at all. Passes the failpoint append.
  /// Throws Error (disk full).
  void append(std::string_view piece);

  /// Returns when all pieces would survive a power cut. Throws Error.
  void sync();

 private:
  AppendFile(const std::filesystem::path& path, int flags);
  [[noreturn]] void fail() const;

  std::filesystem::path path_;
  int fd_;
};

}  // namespace spanlab
