// Files are read through zlib's gz functions, which also read plain files; memory through inflate.
#include "spanlab/base/byte_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "spanlab/base/error.h"

namespace spanlab {

std::string name_of_source(const std::filesystem::path& path) {
  return path == "/dev/stdin" ? "standard input" : path.string();
}

struct ByteSource::State {
  std::string name;
  gzFile file = nullptr;
  int pipe = -1;  // read as it is, so that what has come is there at once
  std::function<bool()> stop;
  std::string_view memory;           // what is left of it
  bool open = false;                 // a gzip file in it has not ended
  std::optional<z_stream> unpacker;  // of memory that is gzip

  ~State() {
    if (unpacker) inflateEnd(&*unpacker);
    if (file != nullptr) gzclose_r(file);
    if (pipe >= 0) ::close(pipe);
  }
};

ByteSource::ByteSource(const std::filesystem::path& path, std::function<bool()> stop)
    : state_(std::make_unique<State>()) {
  state_->stop = std::move(stop);
  state_->name = name_of_source(path);
  const auto fail = [&](const std::string& why, const char* hint) {
    throw Error(fmt::format("cannot read {}: {}", state_->name, why), hint);
  };
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(std::strerror(errno), "check the path");
  struct stat info {};
  if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    ::close(fd);
    fail("it is a folder", "give the path of a file");
  }
  if (S_ISFIFO(info.st_mode) || S_ISCHR(info.st_mode) || S_ISSOCK(info.st_mode)) {
    state_->pipe = fd;
    return;
  }
  state_->file = gzdopen(fd, "rb");
  if (state_->file == nullptr) {
    ::close(fd);
    throw std::bad_alloc();
  }
  gzbuffer(state_->file, 1u << 17);
}

ByteSource::ByteSource(Bytes memory) : state_(std::make_unique<State>()) {
  state_->name = memory.name;
  state_->memory = memory.bytes;
  if (!memory.bytes.starts_with("\x1f\x8b")) return;
  constexpr int kGzip = 16 + MAX_WBITS;
  state_->unpacker.emplace();
  state_->open = true;
  if (inflateInit2(&*state_->unpacker, kGzip) != Z_OK) throw std::bad_alloc();
}

ByteSource::ByteSource(ByteSource&&) noexcept = default;
ByteSource::~ByteSource() = default;

const std::string& ByteSource::name() const {
  return state_->name;
}

void ByteSource::fail_damaged(const char* why) const {
  throw Error(fmt::format("{}: the gzip data are damaged ({})", state_->name, why),
              "copy or download the file again");
}

// The next unpacked bytes of the memory, which may hold several gzip files one after the other.
size_t ByteSource::inflate(char* out, size_t size) {
  z_stream& z = *state_->unpacker;
  std::string_view& left = state_->memory;
  z.next_out = reinterpret_cast<Bytef*>(out);
  z.avail_out = static_cast<unsigned>(size);
  while (z.avail_out == size && (!left.empty() || state_->open)) {
    const auto given = static_cast<unsigned>(std::min<size_t>(left.size(), 1u << 30));
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(left.data()));
    z.avail_in = given;
    const int code = ::inflate(&z, Z_NO_FLUSH);
    left.remove_prefix(given - z.avail_in);
    if (code == Z_STREAM_END) {
      inflateReset(&z);
      state_->open = left.starts_with("\x1f\x8b");
      if (!state_->open) left = {};  // what follows the last one is no data
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      fail_damaged(z.msg != nullptr ? z.msg : "an unknown form");
    } else if (left.empty() && z.avail_out > 0) {
      throw Error(fmt::format("{}: the gzip data end too early", state_->name),
                  "the file is truncated: copy or download it again");
    }
  }
  return size - z.avail_out;
}

size_t ByteSource::read(char* out, size_t size) {
  if (state_->pipe >= 0) return read_pipe(out, size);
  if (state_->unpacker) return inflate(out, std::min<size_t>(size, 1u << 30));
  if (state_->file == nullptr) {
    const size_t n = state_->memory.copy(out, size);
    state_->memory.remove_prefix(n);
    return n;
  }
  const auto wanted = static_cast<unsigned>(std::min<size_t>(size, 1u << 30));
  const int n = gzread(state_->file, out, wanted);
  if (n > 0) return static_cast<size_t>(n);
  int code = Z_OK;
  const char* message = gzerror(state_->file, &code);
  if (code == Z_OK || code == Z_STREAM_END) return 0;
  if (code == Z_ERRNO) {
    throw Error(fmt::format("cannot read {}: {}", state_->name, std::strerror(errno)),
                "check the disk and the path");
  }
  if (code == Z_BUF_ERROR) {
    throw Error(fmt::format("{}: the gzip data end too early", state_->name),
                "the file is truncated: copy or download it again");
  }
  fail_damaged(message);
}

// False if what waits is told to stop.
bool ByteSource::wait_for_pipe() const {
  constexpr int kAskEveryMs = 100;
  if (!state_->stop) return true;
  pollfd pipe{state_->pipe, POLLIN, 0};
  while (!state_->stop()) {
    if (::poll(&pipe, 1, kAskEveryMs) > 0) return true;
  }
  return false;
}

size_t ByteSource::read_pipe(char* out, size_t size) {
  while (true) {
    if (!wait_for_pipe()) return 0;
    const ssize_t n = ::read(state_->pipe, out, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      throw Error(fmt::format("cannot read {}: {}", state_->name, std::strerror(errno)),
                  "check the program that writes to it");
    }
    return static_cast<size_t>(n);
  }
}

}  // namespace spanlab
