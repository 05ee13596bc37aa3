// One line for all runs of a stage.
#include "cli/lab_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "cli/progress.h"

namespace spanlab::cli {

LabProgress::LabProgress(bool quiet)
    : quiet_(quiet), live_(isatty(STDERR_FILENO) != 0), begin_(std::chrono::steady_clock::now()) {}

LabHooks LabProgress::hooks() {
  LabHooks hooks;
  hooks.on_stage = [this](const std::string& name, size_t runs) { stage(name, runs); };
  hooks.runs.on_done = [this](const LabRun& run, bool was_there) { done(run, was_there); };
  hooks.runs.on_epoch = [this](const LabRun& run, int at, int of) { epoch(run, at, of); };
  hooks.runs.stop_requested = StopSignal::requested;
  return hooks;
}

void LabProgress::finish() {
  if (open_line_) fmt::print(stderr, "\n");
  open_line_ = false;
}

void LabProgress::stage(const std::string& name, size_t runs) {
  finish();
  runs_ = runs;
  done_ = 0;
  trained_ = 0;
  part_.clear();
  begin_ = std::chrono::steady_clock::now();
  if (!quiet_) fmt::print(stderr, "{}: {} runs\n", name, runs);
}

void LabProgress::done(const LabRun& run, bool was_there) {
  ++done_;
  if (quiet_ || live_) return;
  fmt::print(stderr, "{}/{}  {} run {}{}\n", done_, runs_, run.experiment, run.repetition + 1,
             was_there ? "  (was there)" : "");
}

void LabProgress::epoch(const LabRun& run, int epoch, int epochs) {
  if (quiet_ || !live_) return;
  // What a resumed run had done before is not counted: it took no time here.
  const double part = static_cast<double>(epoch) / epochs;
  const auto [before, first] = part_.try_emplace(run.folder.string(), part);
  trained_ += first ? 1.0 / epochs : part - before->second;
  before->second = part;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
  double under_way = 0;
  for (const auto& entry : part_) {
    if (entry.second < 1) under_way += entry.second;
  }
  const double left = static_cast<double>(runs_ - done_) - under_way;
  fmt::print(stderr, "\r{} of {} runs done, {} at epoch {}/{}  {:.0f} s left \x1b[K", done_, runs_,
             run.experiment, epoch, epochs, passed.count() / trained_ * left);
  open_line_ = true;
}

}  // namespace spanlab::cli
