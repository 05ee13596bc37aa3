// The progress line and the signals.
#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>

#include "cli/shared_options.h"
#include "spanlab/base/text.h"

namespace spanlab::cli {
namespace {

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

void note(std::string_view text) {
  fmt::print(stderr, "note: {}\n", text);
}

}  // namespace

Progress::Progress(bool quiet)
    : quiet_(quiet), live_(isatty(STDERR_FILENO) != 0), begin_(std::chrono::steady_clock::now()) {}

void Progress::start(const RunStart& start) {
  first_epoch_ = start.epochs_done;
  begin_ = std::chrono::steady_clock::now();
  note_faults(start.bars, start.bar_faults);
  if (quiet_) return;
  fmt::print(stderr, "{} windows ({} train, {} validate), {} parameters, {} kernels, {} thread{}\n",
             start.windows, start.train, start.validation, start.parameters, start.instruction_set,
             start.threads, start.threads == 1 ? "" : "s");
  if (start.started > 0) {
    fmt::print(stderr, "{} start from a file\n", counted(start.started, "tensor"));
  }
  if (start.resumed && start.epochs_done > 0) {
    fmt::print(stderr, "going on after epoch {}\n", start.epochs_done);
  } else if (start.resumed) {
    note("no state was saved before the break: starting again at epoch 1");
  }
  if (start.validation == 0) note("no window validates: the best model is that of training loss");
  if (start.leaking > 0) {
    note(
        fmt::format("{} of {} validation windows share bars with training windows, so their scores "
                    "flatter; split.kind=grouped keeps them apart",
                    start.leaking, start.validation));
  }
  if (start.left_out > 0) {
    note(fmt::format("{} windows share bars with both sides of the split and are left out",
                     start.left_out));
  }
  if (start.unlabelled_train == start.train) {
    note("no training window holds a span: the model can only learn to say no");
  } else if (start.types_in_training < 2) {
    note("all training windows are of one type: the type task has nothing to tell apart");
  }
  if (start.validation > 0 && start.unlabelled_validation == start.validation) {
    note("no validation window holds a span: span F1 stays 0, whatever is predicted");
  }
}

void Progress::epoch(const EpochReport& report) {
  if (quiet_) return;
  std::string text =
      fmt::format("epoch {:>4}/{}  train {:8.4f}", report.epoch, report.epochs, report.train_loss);
  if (report.validation) {
    text += fmt::format("  val {:8.4f}", report.validation->loss);
    if (report.validation->span_f1) {
      text += fmt::format("  span F1 {:.3f}", *report.validation->span_f1);
    }
  }
  if (live_) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
    const double each = passed.count() / (report.epoch - first_epoch_);
    fmt::print(stderr, "\r{}  {:.1f} s left \x1b[K", text, each * (report.epochs - report.epoch));
    open_line_ = true;
  } else {
    fmt::print(stderr, "{}\n", text);
  }
}

void Progress::finish() {
  if (open_line_) fmt::print(stderr, "\n");
  open_line_ = false;
}

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

}  // namespace spanlab::cli
