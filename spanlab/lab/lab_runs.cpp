// A handful of threads that take the next run from a list.
#include "spanlab/lab/lab_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "spanlab/base/file.h"
#include "spanlab/base/hash.h"
#include "spanlab/kernels/isa.h"
#include "spanlab/runs/metadata.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

/// One run from wherever it stands. Returns whether it was complete before.
bool train_or_resume(const LabRun& run, const RunInputs& inputs, const RunOptions& options) {
  if (fs::exists(run.folder / "metadata.json")) {
    return resume_run(run.folder, options).was_complete;
  }
  train_run(run.recipe, inputs, run.folder, options);
  return false;
}

class RunQueue {
 public:
  RunQueue(const std::vector<LabRun>& runs, const RunInputs& inputs, const LabRunsHooks& hooks)
      : runs_(runs), inputs_(inputs), hooks_(hooks) {}

  void work() {
    for (size_t i = next_++; i < runs_.size() && !stopping_; i = next_++) {
      try {
        train(runs_[i]);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        stopping_ = true;
      }
    }
  }

  bool finish() const {
    if (failure_) std::rethrow_exception(failure_);
    return !stopping_;
  }

 private:
  void train(const LabRun& run) {
    RunOptions options;
    options.threads = 1;
    options.hooks.stop_requested = [this] { return must_stop(); };
    options.hooks.on_epoch = [&](const EpochReport& report) {
      if (!hooks_.on_epoch) return;
      const std::lock_guard lock(mutex_);
      hooks_.on_epoch(run, report.epoch, report.epochs);
    };
    const bool was_there = train_or_resume(run, inputs_, options);
    if (stopping_ || !hooks_.on_done) return;
    const std::lock_guard lock(mutex_);
    hooks_.on_done(run, was_there);
  }

  bool must_stop() {
    if (!stopping_ && hooks_.stop_requested) {
      const std::lock_guard lock(mutex_);
      if (hooks_.stop_requested()) stopping_ = true;
    }
    return stopping_;
  }

  const std::vector<LabRun>& runs_;
  const RunInputs& inputs_;
  const LabRunsHooks& hooks_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // of the hooks and failure_
  std::exception_ptr failure_;
};

}  // namespace

std::string hash_of_inputs(const RunInputs& inputs) {
  std::string text(name_of(active_isa()));
  for (const fs::path& path : {inputs.bars, inputs.windows, inputs.spans, inputs.start}) {
    if (path.empty()) continue;
    const std::string bytes = read_file(path);
    text += hash_text(bytes.data(), bytes.size());
  }
  return hash_text(text.data(), text.size());
}

std::string run_folder_name(const std::string& experiment, int repetition, const Recipe& recipe,
                            const std::string& inputs_hash) {
  const std::string text = recipe_text(recipe) + inputs_hash;
  return fmt::format("{}-{}-{}", experiment, repetition + 1,
                     hash_text(text.data(), text.size()).substr(0, 8));
}

bool train_runs(const std::vector<LabRun>& runs, const RunInputs& inputs, int threads,
                const LabRunsHooks& hooks) {
  RunQueue queue(runs, inputs, hooks);
  const auto workers = std::min(static_cast<size_t>(std::max(threads, 1)), runs.size());
  std::vector<std::thread> others;
  for (size_t i = 1; i < workers; ++i) others.emplace_back([&] { queue.work(); });
  queue.work();
  for (std::thread& thread : others) thread.join();
  return queue.finish();
}

}  // namespace spanlab
