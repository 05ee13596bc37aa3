// One line for each stage or epoch.
#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "cli/shared_options.h"
#include "spanlab/base/text.h"
#include "spanlab/facade/run.h"

namespace spanlab::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// A count among the figures.
int64_t count(const Progress& progress, std::string_view name) {
  return static_cast<int64_t>(figure(progress, name).value_or(0));
}

}  // namespace

std::optional<double> figure(const Progress& progress, std::string_view name) {
  for (const auto& [known, value] : progress.figures) {
    if (known == name) return value;
  }
  return {};
}

LiveLine::LiveLine() : live_(isatty(STDERR_FILENO) != 0) {}

void LiveLine::show(const std::string& text) {
  fmt::print(stderr, "\r{} \x1b[K", text);
  open_ = true;
}

void LiveLine::finish() {
  if (open_) fmt::print(stderr, "\n");
  open_ = false;
}

void StageProgress::begin_stage(const Progress& progress, double runs) {
  line_.finish();
  stage_ = progress.stage;
  first_step_ = static_cast<double>(progress.step);
  runs_done_ = 0;
  begin_ = Clock::now();
  if (runs > 0) fmt::print(stderr, "{}: {} runs\n", stage_, runs);
}

void StageProgress::show(const Progress& progress) {
  if (quiet_) return;
  const double runs = figure(progress, "runs").value_or(0);
  const double done = figure(progress, "runs done").value_or(0);
  if (progress.stage != stage_) begin_stage(progress, runs);
  if (!line_.live()) {
    if (done == runs_done_) return;
    runs_done_ = done;
    const double there = figure(progress, "runs that existed").value_or(0);
    fmt::print(stderr, "{}/{} runs done{}\n", done, runs,
               there > 0 ? fmt::format(" ({} existed)", there) : "");
    return;
  }
  std::string text = runs > 0 ? fmt::format("{} of {} runs done, epoch {} of {}", done, runs,
                                            progress.step, progress.steps)
                              : fmt::format("{}: {} of {}", stage_, progress.step, progress.steps);
  if (runs == 0) {
    for (const auto& [name, value] : progress.figures)
      text += fmt::format("  {} {:.4g}", name, value);
  }
  if (const auto step = static_cast<double>(progress.step); step > first_step_) {
    const double left = static_cast<double>(progress.steps) - step;
    text += fmt::format("  {:.0f} s left", seconds_since(begin_) / (step - first_step_) * left);
  }
  line_.show(text);
}

TrainingProgress::TrainingProgress(bool quiet, std::string folder, bool resumed)
    : quiet_(quiet), resumed_(resumed), folder_(std::move(folder)) {}

void TrainingProgress::start(const Progress& progress) {
  first_epoch_ = progress.step;
  begin_ = Clock::now();
  const Metadata run = Run::open(folder_).metadata();
  if (resumed_) note_faults(run.inputs.at("bars"), count(progress, "faults in the bars"));
  if (quiet_) return;
  const int64_t threads = count(progress, "threads");
  fmt::print(stderr, "{} windows ({} train, {} validate), {} parameters, {} kernels, {} thread{}\n",
             count(progress, "windows"), count(progress, "training windows"),
             count(progress, "validation windows"), count(progress, "parameters"),
             run.instruction_set, threads, threads == 1 ? "" : "s");
  if (const int64_t started = count(progress, "tensors from start weights"); started > 0) {
    fmt::print(stderr, "{} start from a file\n", counted(started, "tensor"));
  }
  if (resumed_ && first_epoch_ > 0) {
    fmt::print(stderr, "continuing after epoch {}\n", first_epoch_);
  }
  for (const std::string& note : progress.notes) fmt::print(stderr, "note: {}\n", note);
}

void TrainingProgress::show(const Progress& progress) {
  if (!std::exchange(started_, true)) return start(progress);
  last_ = progress;
  if (quiet_) return;
  std::string text = fmt::format("epoch {:>4}/{}  train {:8.4f}", progress.step, progress.steps,
                                 figure(progress, "training loss").value_or(0));
  if (const auto loss = figure(progress, "validation loss")) {
    text += fmt::format("  val {:8.4f}", *loss);
    if (const auto f1 = figure(progress, "span F1")) text += fmt::format("  span F1 {:.3f}", *f1);
  }
  if (!line_.live()) {
    fmt::print(stderr, "{}\n", text);
    return;
  }
  const double each = seconds_since(begin_) / static_cast<double>(progress.step - first_epoch_);
  line_.show(fmt::format("{}  {:.1f} s left", text,
                         each * static_cast<double>(progress.steps - progress.step)));
}

}  // namespace spanlab::cli
