// Checks of the run folder and its lock: flock() on a hidden file, released when the process ends.
#include "spanlab/runs/run_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/runs/metadata.h"

namespace spanlab {
namespace fs = std::filesystem;
namespace {

constexpr char kLockFile[] = ".lock";
constexpr char kData[] = "data";
constexpr char kRecipe[] = "recipe.toml";
constexpr char kMetadata[] = "metadata.json";

/// Refuses a folder that a new run must not be written into.
void check_unused(const fs::path& path) {
  if (is_there(path / kMetadata)) {
    const RunStatus status = read_metadata(path / kMetadata).status;
    throw Error(
        fmt::format("{} already contains a run ({})", path.string(), name_of(status)),
        status == RunStatus::completed
            ? "choose another folder"
            : fmt::format("continue it with the command `resume {}`, or choose another folder",
                          path.string()));
  }
  // A folder `data` without our lock next to it is the user's own.
  const bool begun = is_there(path / kLockFile);
  for (const std::string& file : names_in(path)) {
    // A start that was killed leaves these, or their temporary files.
    if (file == kLockFile || (file == kData && begun) || file.starts_with(kRecipe) ||
        file.starts_with(kMetadata)) {
      continue;
    }
    throw Error(fmt::format("{} is neither empty nor a run: it contains {}", path.string(), file),
                "choose another folder");
  }
}

}  // namespace

class RunFolder::Lock {
 public:
  explicit Lock(const fs::path& folder)
      : fd_(::open((folder / kLockFile).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
    const int error = errno;
    if (fd_ >= 0) ::close(fd_);
    if (error == EWOULDBLOCK) {
      throw Error(fmt::format("another process is training into {}", folder.string()),
                  "wait for its end, or choose another folder");
    }
    throw Error(fmt::format("cannot write into {}: {}", folder.string(), std::strerror(error)),
                "choose a folder that you may write to");
  }
  ~Lock() { ::close(fd_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int fd_;
};

RunFolder::RunFolder(fs::path path, std::unique_ptr<Lock> lock)
    : path_(std::move(path)), lock_(std::move(lock)) {}
RunFolder::RunFolder(RunFolder&&) noexcept = default;
RunFolder& RunFolder::operator=(RunFolder&&) noexcept = default;
RunFolder::~RunFolder() = default;

RunFolder RunFolder::create(const fs::path& path) {
  // Before anything is written: a refused folder stays as it was.
  if (is_there(path)) {
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) {
      throw Error(fmt::format("{} is a file", path.string()), "give the path of a folder");
    }
    check_unused(path);
  }
  std::error_code problem;
  fs::create_directories(path, problem);
  if (problem) {
    throw Error(fmt::format("cannot use the folder {}: {}", path.string(), problem.message()),
                "choose a folder that you may read and write");
  }
  auto lock = std::make_unique<Lock>(path);
  check_unused(path);  // another process may have come between
  remove_temporaries(path);
  return {path, std::move(lock)};
}

RunFolder RunFolder::open(const fs::path& path) {
  if (!is_there(path / kMetadata)) {
    throw Error(fmt::format("{} contains no run: there is no {}", path.string(), kMetadata),
                "give the folder of a run; the command `train` creates one");
  }
  auto lock = std::make_unique<Lock>(path);
  remove_temporaries(path);
  return {path, std::move(lock)};
}

fs::path RunFolder::recipe() const {
  return path_ / kRecipe;
}
fs::path RunFolder::data() const {
  return path_ / kData;
}
fs::path RunFolder::metadata() const {
  return path_ / kMetadata;
}
fs::path RunFolder::table(const std::string& name) const {
  return path_ / (name + ".csv");
}
fs::path RunFolder::checkpoint(int epoch) const {
  return path_ / fmt::format("checkpoint_epoch_{}.safetensors", epoch);
}
fs::path RunFolder::best_model() const {
  return path_ / "best_model.safetensors";
}
fs::path RunFolder::resume_state() const {
  return path_ / "resume_state.safetensors";
}

}  // namespace spanlab
