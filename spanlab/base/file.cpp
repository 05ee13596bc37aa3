// Whole files through POSIX calls: the standard streams cannot fsync.
#include "spanlab/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "spanlab/base/error.h"
#include "spanlab/base/failpoint.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTemporaryMark = ".spanlab-tmp-";

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

std::string reason() {
  return std::strerror(errno);
}

std::string size_text(uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  if (bytes < 1000000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1e3);
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

// `size`: bytes of the whole file, 0 if that is not known.
[[noreturn]] void fail_to_write(const fs::path& path, uint64_t size) {
  const int error = errno;
  const std::string what = fmt::format("cannot write {}: {}", path.string(), std::strerror(error));
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      throw Error(size > 0 ? fmt::format("{} ({} needed)", what, size_text(size)) : what,
                  "free some space, raise the limit or choose another folder");
    case ENOENT:
    case ENOTDIR:
      throw Error(what, "create the folder first, or choose another path");
    default:
      throw Error(what, "choose a place that you may write to");
  }
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// Beside `target`, so that it can be renamed to it.
std::string temporary_name(const fs::path& target) {
  return fmt::format("{}{}{}", target.string(), kTemporaryMark, ::getpid());
}

// A file that disappears again unless it gets its final name.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& target)
      : path_(temporary_name(target)),
        file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {}
  ~TemporaryFile() {
    if (file_.get() >= 0 && !kept_) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  int fd() const { return file_.get(); }
  bool rename_to(const fs::path& target) {
    kept_ = ::rename(path_.c_str(), target.c_str()) == 0;
    return kept_;
  }

 private:
  std::string path_;
  Descriptor file_;
  bool kept_ = false;
};

// What a file is to hold.
struct Content {
  const NextPart& next;
  uint64_t size;  // bytes, 0 if that is not known
};

bool write_parts(int fd, const NextPart& next) {
  if (!write_all(fd, next())) return false;
  failpoint("write.data");
  while (true) {
    const std::string_view part = next();
    if (part.empty()) return true;
    if (!write_all(fd, part)) return false;
  }
}

void write_straight(const fs::path& path, const Content& content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0 || !write_parts(file.get(), content.next) || !file.close()) {
    fail_to_write(path, content.size);
  }
}

// `old`: the file that is there, or null.
void replace_file(const fs::path& path, const struct stat* old, const Content& content) {
  const auto require = [&](bool done) {
    if (!done) fail_to_write(path, content.size);
  };
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  failpoint("write.open");
  TemporaryFile file(path);
  require(file.fd() >= 0);
  require(old == nullptr || ::fchmod(file.fd(), old->st_mode & 07777) == 0);
  require(write_parts(file.fd(), content.next));
  failpoint("write.sync");
  require(::fsync(file.fd()) == 0);
  failpoint("write.rename");
  require(file.rename_to(path));
  // The new name itself must survive a power cut. Where a folder cannot be synced there is nothing
  // better to do: the bytes are safe already.
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() >= 0) ::fsync(opened.get());
}

void write_content(const fs::path& path, const Content& content) {
  struct stat old {};
  if (::stat(path.c_str(), &old) != 0) return replace_file(path, nullptr, content);
  if (S_ISDIR(old.st_mode)) {
    throw Error(fmt::format("cannot write {}: it is a folder", path.string()),
                "give the path of a file");
  }
  if (!S_ISREG(old.st_mode)) return write_straight(path, content);
  std::error_code problem;
  const fs::path target = fs::canonical(path, problem);
  if (problem) {
    throw Error(fmt::format("cannot write {}: {}", path.string(), problem.message()),
                "choose a place that you may write to");
  }
  replace_file(target, &old, content);
}

}  // namespace

bool is_there(const fs::path& path) {
  std::error_code problem;
  const bool there = fs::exists(path, problem);
  if (!problem) return there;
  throw Error(fmt::format("cannot access {}: {}", path.string(), problem.message()),
              "check the path and its permissions");
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code problem;
  for (fs::directory_iterator entry(folder, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    names.push_back(entry->path().filename().string());
  }
  if (problem) {
    throw Error(fmt::format("cannot list the folder {}: {}", folder.string(), problem.message()),
                "check the path and its permissions");
  }
  std::sort(names.begin(), names.end());
  return names;
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) {
    throw Error("cannot create " + folder.string() + ": " + problem.message(),
                "choose a folder that you may write to");
  }
}

std::string read_file(const fs::path& path, uint64_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
    throw Error(fmt::format("cannot read {}: {}", path.string(), reason()), "check the path");
  }
  if (S_ISDIR(info.st_mode)) {
    throw Error(fmt::format("cannot read {}: it is a folder", path.string()),
                "give the path of a file");
  }
  const Error too_large(fmt::format("{} is larger than {}", path.string(), size_text(limit)),
                        "check that this is the right file");
  std::string bytes;
  if (S_ISREG(info.st_mode)) {
    if (static_cast<uint64_t>(info.st_size) > limit) throw too_large;
    bytes.reserve(static_cast<size_t>(info.st_size) + 1);  // one more: the last read finds the end
  }
  while (true) {
    constexpr size_t kStep = size_t{1} << 16;
    const size_t had = bytes.size();
    bytes.resize(std::max(had + kStep, bytes.capacity()));
    const ssize_t n = ::read(file.get(), bytes.data() + had, bytes.size() - had);
    const int error = errno;
    bytes.resize(had + static_cast<size_t>(std::max<ssize_t>(n, 0)));
    if (n == 0) return bytes;
    if (n < 0 && error != EINTR) {
      throw Error(fmt::format("cannot read {}: {}", path.string(), std::strerror(error)),
                  "check the disk and the path");
    }
    if (bytes.size() > limit) throw too_large;
  }
}

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  const size_t half = (bytes.size() + 1) / 2;
  std::string_view rest = bytes;
  write_content(path, {[&] {
                         const std::string_view part = rest.substr(0, half);
                         rest.remove_prefix(part.size());
                         return part;
                       },
                       bytes.size()});
}

void write_file_atomically(const fs::path& path, const NextPart& next) {
  write_content(path, {next, 0});
}

bool replace_by_link(const fs::path& from, const fs::path& to) {
  const fs::path link = temporary_name(to);
  if (::link(from.c_str(), link.c_str()) != 0) return false;
  const bool done = ::rename(link.c_str(), to.c_str()) == 0;
  // Of two links to one file, rename() leaves both.
  ::unlink(link.c_str());
  return done;
}

void remove_temporaries(const fs::path& folder) {
  for (const std::string& name : names_in(folder)) {
    if (name.find(kTemporaryMark) == std::string::npos) continue;
    std::error_code problem;
    fs::remove(folder / name, problem);
    if (problem) {
      throw Error(
          fmt::format("cannot clean up the folder {}: {}", folder.string(), problem.message()),
          "check the path and its permissions");
    }
  }
}

}  // namespace spanlab
