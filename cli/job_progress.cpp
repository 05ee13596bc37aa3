// One line for all that a stage does.
#include "cli/job_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace spanlab::cli {
namespace {

constexpr std::chrono::milliseconds kLookForSignals{20};

double figure(const spanlab::Progress& progress, std::string_view name) {
  for (const auto& [known, value] : progress.figures) {
    if (known == name) return value;
  }
  return 0;
}

}  // namespace

JobProgress::JobProgress(int threads, bool quiet)
    : quiet_(quiet), live_(isatty(STDERR_FILENO) != 0), begin_(std::chrono::steady_clock::now()) {
  job_.threads = threads;
  job_.stop = stop_.get_token();
  if (!quiet) job_.on_progress = [this](const spanlab::Progress& progress) { show(progress); };
  watcher_ = std::jthread([this](const std::stop_token& end) {
    while (!end.stop_requested() && !StopSignal::requested()) {
      std::this_thread::sleep_for(kLookForSignals);
    }
    if (StopSignal::requested()) stop_.request_stop();
  });
}

std::string continues_with(const std::filesystem::path& folder) {
  return fmt::format("the same command continues with the runs in {}", folder.string());
}

void JobProgress::finish() {
  if (open_line_) fmt::print(stderr, "\n");
  open_line_ = false;
}

void JobProgress::show(const spanlab::Progress& progress) {
  const double runs = figure(progress, "runs"), done = figure(progress, "runs done");
  const auto step = static_cast<double>(progress.step);
  if (progress.stage != stage_) {
    finish();
    stage_ = progress.stage;
    first_step_ = step;
    runs_done_ = 0;
    begin_ = std::chrono::steady_clock::now();
    if (runs > 0) fmt::print(stderr, "{}: {} runs\n", stage_, runs);
  }
  if (!live_) {
    if (done == runs_done_) return;
    runs_done_ = done;
    const double there = figure(progress, "runs that were there");
    fmt::print(stderr, "{}/{} runs done{}\n", done, runs,
               there > 0 ? fmt::format(" ({} were there)", there) : "");
    return;
  }
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
  std::string text = runs > 0 ? fmt::format("{} of {} runs done, epoch {} of {}", done, runs,
                                            progress.step, progress.steps)
                              : fmt::format("{}: {} of {}", stage_, progress.step, progress.steps);
  if (runs == 0) {
    for (const auto& [name, value] : progress.figures)
      text += fmt::format("  {} {:.4g}", name, value);
  }
  if (step > first_step_) {
    const double left = static_cast<double>(progress.steps) - step;
    text += fmt::format("  {:.0f} s left", passed.count() / (step - first_step_) * left);
  }
  fmt::print(stderr, "\r{} \x1b[K", text);
  open_line_ = true;
}

}  // namespace spanlab::cli
