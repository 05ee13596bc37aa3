// A few threads that take the next run from a list.
#include "spanlab/train/run_queue.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/hash.h"
#include "spanlab/kernels/isa.h"
#include "spanlab/runs/metadata.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

fs::path metadata_of(const LabRun& run) {
  return run.folder / "metadata.json";
}

/// One run from wherever it stands.
RunResult train_or_resume(const LabRun& run, const TrainingData& data, const RunOptions& options) {
  if (is_there(metadata_of(run))) return resume_run(run.folder, options, &data);
  return train_run(run.recipe, data, run.folder, options);
}

/// Whether nothing is left to do, whoever did it. A folder that cannot be read is not done.
bool is_done(const LabRun& run) {
  try {
    return is_there(metadata_of(run)) &&
           read_metadata(metadata_of(run)).status == RunStatus::completed;
  } catch (const Error&) {
    return false;
  }
}

class RunQueue {
 public:
  RunQueue(const std::vector<LabRun>& runs, const TrainingData& data, const std::string& stage,
           const Job& job)
      : runs_(runs), data_(data), job_(job), progress_{stage, 0, 0, {}, {}} {
    for (const LabRun& run : runs) progress_.steps += run.recipe.train.epochs;
    progress_.figures = {
        {"runs done", 0.0}, {"runs", static_cast<double>(runs.size())}, {"runs that existed", 0.0}};
  }

  void work() {
    for (size_t i = next_++; i < runs_.size() && !must_stop(); i = next_++) {
      try {
        train(runs_[i]);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        failed_ = true;
      }
    }
  }

  /// What the caller should know before the first run, and after the last.
  void report() { job_.report(progress_); }

  void finish() const {
    if (failure_) std::rethrow_exception(failure_);
    if (!job_.stopped()) return;
    // The runs that nobody came to may be there from another call.
    const auto done = static_cast<size_t>(std::count_if(runs_.begin(), runs_.end(), is_done));
    if (done == runs_.size()) return;
    throw Stopped(fmt::format("stopped: {} of {} runs are done", done, runs_.size()));
  }

 private:
  void train(const LabRun& run) {
    RunOptions options;
    options.threads = 1;
    options.hooks.stop_requested = [this] { return must_stop(); };
    int epochs = 0;  // of this run, as far as they are counted
    options.on_start = [&](const RunStart& start) { count(start.epochs_done, epochs); };
    options.hooks.on_epoch = [&](const EpochReport& report) { count(report.epoch, epochs); };
    const RunResult result = train_or_resume(run, data_, options);
    if (result.loop.stopped) return;
    const std::lock_guard lock(mutex_);
    progress_.step += run.recipe.train.epochs - epochs;
    ++progress_.figures[0].second;
    progress_.figures[2].second += result.was_complete ? 1 : 0;
    job_.report(progress_);
  }

  /// The run that had `before` epochs has `now`.
  void count(int now, int& before) {
    const std::lock_guard lock(mutex_);
    progress_.step += now - before;
    before = now;
    job_.report(progress_);
  }

  bool must_stop() const { return failed_ || job_.stopped(); }

  const std::vector<LabRun>& runs_;
  const TrainingData& data_;
  const Job& job_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;  // of what follows, and of the job's callback
  Progress progress_;
  std::exception_ptr failure_;
};

}  // namespace

std::string run_folder_name(const std::string& experiment, int repetition, const Recipe& recipe,
                            const TrainingData& data) {
  const std::string text =
      fmt::format("{}{}{}", recipe_text(recipe), data.hash(), name_of(active_isa()));
  return fmt::format("{}-{}-{}", experiment, repetition + 1,
                     hash_text(text.data(), text.size()).substr(0, 8));
}

void train_runs(const std::vector<LabRun>& runs, const TrainingData& data, const std::string& stage,
                const Job& job) {
  RunQueue queue(runs, data, stage, job);
  queue.report();
  const auto workers = std::min(static_cast<size_t>(job.thread_count()), runs.size());
  std::vector<std::thread> others;
  try {
    for (size_t i = 1; i < workers; ++i) others.emplace_back([&] { queue.work(); });
  } catch (const std::system_error&) {
    // The system's limit: those that run are enough.
  }
  queue.work();
  for (std::thread& thread : others) thread.join();
  queue.finish();
}

}  // namespace spanlab
