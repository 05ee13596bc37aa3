// How a long call runs: its threads, a stop token, a progress callback. The same for all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace spanlab {

/// Where a long call stands.
struct Progress {
  std::string stage;  ///< what is being done: "training", "folds and members"
  int64_t step = 0;   ///< steps done in this stage
  int64_t steps = 0;  ///< of so many; 0 if that is not known
  std::vector<std::pair<std::string, double>> figures;  ///< of this step: {"validation loss", 0.41}
  std::vector<std::string> notes;  ///< what should be known before results are trusted, in words
};

/// What a caller asks of a long call; nothing here changes a result.
struct Job {
  int threads = 0;  ///< 0: as many as processors
  std::stop_token
      stop{};  ///< stopped within 0.2 s of a request; what is on disk can be gone on with
  /// From any thread, one call at a time; may be empty.
  std::function<void(const Progress&)> on_progress{};

  int thread_count() const;  ///< `threads`, or the processors
  bool stopped() const { return stop.stop_requested(); }
  void report(const Progress& progress) const {
    if (on_progress) on_progress(progress);
  }
};

/// Thrown by a call that was stopped; what() says where it stood.
class Stopped : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// While it lives, check_stop() on this thread, and on those of a ThreadPool that works for it,
/// throws Stopped once a stop is requested. So the loops deep below need no parameter for it.
class StopScope {
 public:
  explicit StopScope(const Job& job);
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

 private:
  const std::stop_token* before_;
};

/// Throws Stopped if the StopScope of this thread asks for it. For loops whose steps take
/// milliseconds.
void check_stop();

namespace detail {
/// The token that check_stop() looks at; a ThreadPool hands it to its threads.
const std::stop_token* current_stop();
void set_current_stop(const std::stop_token* token);
}  // namespace detail

}  // namespace spanlab
