// Writes whole pieces; a piece that does not fit on the disk is cut off again.
#include "spanlab/runs/append_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "spanlab/base/error.h"
#include "spanlab/base/failpoint.h"

namespace spanlab {

AppendFile::AppendFile(const std::filesystem::path& path, int flags)
    : path_(path), fd_(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0666)) {
  if (fd_ < 0) fail();
}

AppendFile AppendFile::create(const std::filesystem::path& path) {
  return {path, O_CREAT | O_TRUNC};
}
AppendFile AppendFile::open(const std::filesystem::path& path) {
  return {path, 0};
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

AppendFile::~AppendFile() {
  if (fd_ >= 0) ::close(fd_);
}

void AppendFile::append(std::string_view piece) {
  failpoint("append");
  const off_t end = ::lseek(fd_, 0, SEEK_END);
  ssize_t written = 0;
  do {
    written = ::write(fd_, piece.data(), piece.size());
  } while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(piece.size())) return;
  // A short write without an error means that the disk has no room for the rest.
  const int error = written < 0 ? errno : ENOSPC;
  if (written > 0 && ::ftruncate(fd_, end) != 0) fail();
  errno = error;
  fail();
}

void AppendFile::sync() {
  if (::fsync(fd_) != 0) fail();
}

void AppendFile::fail() const {
  const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  throw Error(fmt::format("cannot write {}: {}", path_.string(), std::strerror(errno)),
              full ? "free some space; the run can be resumed from its last state"
                   : "check the folder's permissions");
}

}  // namespace spanlab
