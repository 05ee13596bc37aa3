// The last lines that a training run leaves on the terminal.
#include "cli/run_summary.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>

#include "cli/exit_status.h"
#include "cli/progress.h"
#include "spanlab/base/error.h"

namespace spanlab::cli {
namespace {

void print_validation(const EpochReport& report) {
  const ValidationReport& v = *report.validation;
  fmt::print("\n  {:<22}{:>10}{:>10}{:>10}\n", fmt::format("validation, epoch {}", report.epoch),
             "loss", "share", "weight");
  for (size_t t = 0; t < kTaskCount; ++t) {
    if (!v.task[t]) continue;  // not a task of this recipe, or no targets
    const std::string share =
        std::isfinite(v.loss) ? fmt::format("{:.1f}%", 100 * *v.task[t] / v.loss) : "-";
    fmt::print("  {:<22}{:>10.4f}{:>10}{:>9.1f}%\n", kTaskNames[t], *v.task[t], share,
               100 * report.weights[t]);
  }
  fmt::print("  {:<22}{:>10.4f}\n\n", "total", v.loss);
  if (!v.span_f1) return;
  fmt::print("  span F1 at 0.5   {:.4f}\n", *v.span_f1);
  if (std::isfinite(*v.separation)) {
    fmt::print("  separation       {:+.4f}  (mean probability inside minus outside spans)\n",
               *v.separation);
  }
}

/// `resumed_after`: the epoch that a resumed run went on behind; -1 for a new one.
void print_summary(const RunResult& result, const std::optional<EpochReport>& last,
                   int resumed_after) {
  const RunProgress& progress = result.loop.progress;
  if (progress.first_bad_epoch > 0) {
    fmt::print(
        "\nwarning: the loss is not a finite number since epoch {}: lower train.learning_rate and "
        "look at gradient_stats.csv\n",
        progress.first_bad_epoch);
  }
  if (last && last->validation) {
    print_validation(*last);
  } else if (last) {
    fmt::print("\n  training loss    {:.4f}\n", last->train_loss);
  }
  fmt::print("  best epoch       {}\n",
             progress.best_epoch > 0 ? std::to_string(progress.best_epoch) : "none");
  fmt::print(
      "  time             {:.1f} s{}\n", result.seconds,
      resumed_after < 0 ? "" : fmt::format(", since it went on after epoch {}", resumed_after));
  fmt::print("  weights          {}\n", result.weights_hash);
  fmt::print("  run folder       {}\n", result.folder.string());
}

}  // namespace

void run_and_summarise(int threads, bool quiet,
                       const std::function<RunResult(const RunOptions&)>& job,
                       const std::string& go_on) {
  Progress progress(quiet);
  std::optional<EpochReport> last;
  RunOptions options;
  options.threads = threads;
  int resumed_after = -1;
  std::string folder;  // once there is a run in it
  options.on_start = [&](const RunStart& start) {
    folder = start.folder.string();
    if (start.resumed) resumed_after = start.epochs_done;
    progress.start(start);
  };
  options.hooks.on_epoch = [&](const EpochReport& report) {
    last = report;
    progress.epoch(report);
  };
  options.hooks.stop_requested = StopSignal::requested;
  const auto what_next = [&](const std::string& run) {
    return go_on.empty() ? fmt::format("go on with: {} resume {}", program_name(), run) : go_on;
  };
  const StopSignal signals;
  RunResult result;
  try {
    result = job(options);
  } catch (const Error& e) {
    if (folder.empty()) throw;
    throw Error(e.what(), e.hint() + "; then " + what_next(folder));
  }
  progress.finish();
  if (result.was_complete) {
    fmt::print("{} is complete ({} epochs): nothing to do\n", result.folder.string(),
               result.loop.progress.epoch);
    return;
  }
  if (result.loop.stopped) {
    throw Interrupted(fmt::format("stopped after epoch {}; {}", result.loop.progress.epoch,
                                  what_next(result.folder.string())));
  }
  print_summary(result, last, resumed_after);
}

}  // namespace spanlab::cli
