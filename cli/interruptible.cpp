// A thread waits for the signal and asks the job to stop.
#include "cli/interruptible.h"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <utility>

namespace spanlab::cli {
namespace {

constexpr std::chrono::milliseconds kLookForSignals{20};

volatile std::sig_atomic_t stop_requested = 0;

extern "C" void request_stop(int) {
  stop_requested = 1;
}

void take_over(int signal, struct sigaction& before) {
  sigaction(signal, nullptr, &before);
  if (before.sa_handler == SIG_IGN) return;
  struct sigaction action = {};
  action.sa_handler = request_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one ends the program
  sigaction(signal, &action, nullptr);
}

}  // namespace

StopSignal::StopSignal() {
  stop_requested = 0;
  take_over(SIGINT, interrupt_before_);
  take_over(SIGTERM, terminate_before_);
}

StopSignal::~StopSignal() {
  sigaction(SIGINT, &interrupt_before_, nullptr);
  sigaction(SIGTERM, &terminate_before_, nullptr);
}

bool StopSignal::requested() {
  return stop_requested != 0;
}

InterruptibleJob::InterruptibleJob(int threads, std::function<void(const Progress&)> show) {
  job_ = {.threads = threads, .stop = stop_.get_token(), .on_progress = std::move(show)};
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

}  // namespace spanlab::cli
