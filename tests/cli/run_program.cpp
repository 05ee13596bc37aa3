// fork and exec; stdin, stdout and stderr are files in memory, so that no pipe can fill up.
#include "tests/cli/run_program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

extern char** environ;

namespace spanlab::testing {
namespace {

class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("spanlab_test", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw std::runtime_error("memfd_create failed");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int descriptor() const { return descriptor_; }

  void write(const std::string& bytes) const {
    if (::write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
        lseek(descriptor_, 0, SEEK_SET) != 0) {
      throw std::runtime_error("cannot prepare the program's input");
    }
  }

  std::string read() const {
    std::string bytes(static_cast<size_t>(lseek(descriptor_, 0, SEEK_END)), '\0');
    if (pread(descriptor_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("cannot read the program's output");
    }
    return bytes;
  }

 private:
  int descriptor_;
};

// The read end of a pipe that holds `bytes` and stays open.
class OpenPipe {
 public:
  explicit OpenPipe(const std::string& bytes) {
    if (pipe2(ends_, O_CLOEXEC) != 0 ||
        ::write(ends_[1], bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("cannot prepare the program's input");
    }
  }
  ~OpenPipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  OpenPipe(const OpenPipe&) = delete;
  OpenPipe& operator=(const OpenPipe&) = delete;

  int descriptor() const { return ends_[0]; }

 private:
  int ends_[2];
};

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

RunResult run_program(const std::vector<std::string>& arguments, const RunOptions& options) {
  constexpr int kCannotStart = 127;
  std::vector<std::string> words{SPANLAB_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = options.environment;  // the first of a name counts
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  const std::vector<char*> argv = pointers_to(words);
  const std::vector<char*> envp = pointers_to(environment);
  const MemoryFile in, out, err;
  in.write(options.input);
  const OpenPipe pipe(options.open_pipe ? options.input : "");
  const int input = options.open_pipe ? pipe.descriptor() : in.descriptor();

  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    // As from a terminal, whatever started the tests: nohup and background jobs ignore some
    // signals, and who ignores a signal passes that on.
    for (const int known : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE}) {
      signal(known, known == options.ignored ? SIG_IGN : SIG_DFL);
    }
    const int output =
        options.output.empty() ? out.descriptor() : open(options.output.c_str(), O_WRONLY);
    if (dup2(input, 0) >= 0 && dup2(output, 1) >= 0 && dup2(err.descriptor(), 2) >= 0 &&
        (options.folder.empty() || chdir(options.folder.c_str()) == 0)) {
      execve(argv[0], argv.data(), envp.data());
    }
    _exit(kCannotStart);
  }

  int ended = 0;
  rusage usage{};
  if (options.signal) {
    const auto when = start + options.signal_after;
    pid_t waited = 0;
    while (waited == 0 && std::chrono::steady_clock::now() < when) {
      waited = wait4(child, &ended, WNOHANG, &usage);
      if (waited == 0) usleep(500);
    }
    if (waited == 0) {
      kill(child, *options.signal);
      wait4(child, &ended, 0, &usage);
    }
  } else {
    wait4(child, &ended, 0, &usage);
  }

  RunResult result;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  result.seconds = took.count();
  result.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -WTERMSIG(ended);
  if (result.status == kCannotStart) throw std::runtime_error("cannot start " + words[0]);
  result.out = out.read();
  result.err = err.read();
  result.peak_kib = usage.ru_maxrss;
  return result;
}

}  // namespace spanlab::testing
