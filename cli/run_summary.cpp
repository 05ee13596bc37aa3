// The last lines that a training run leaves on the terminal.
#include "cli/run_summary.h"

#include <fmt/format.h>

#include <string>

#include "cli/exit_status.h"
#include "cli/program_name.h"
#include "cli/progress.h"

namespace spanlab::cli {
namespace {

void print_validation(const EpochReport& report) {
  const ValidationReport& v = *report.validation;
  double sum = 0;
  for (int t = 0; t < kTaskCount; ++t) {
    const auto i = static_cast<size_t>(t);
    if (report.weights[i] > 0) sum += v.task[i];
  }
  fmt::print("\n  {:<22}{:>10}{:>10}{:>10}\n", fmt::format("validation, epoch {}", report.epoch),
             "loss", "share", "weight");
  for (int t = 0; t < kTaskCount; ++t) {
    const auto i = static_cast<size_t>(t);
    if (report.weights[i] == 0) continue;  // not a task of this recipe
    fmt::print("  {:<22}{:>10.4f}{:>9.1f}%{:>9.1f}%\n", kTaskNames[i], v.task[i],
               100 * v.task[i] / sum, 100 * report.weights[i]);
  }
  fmt::print("  {:<22}{:>10.4f}\n\n", "total", v.loss);
  fmt::print("  span F1 at 0.5   {:.4f}\n", v.span_f1);
  fmt::print("  separation       {:+.4f}  (mean probability inside minus outside spans)\n",
             v.separation);
}

void print_summary(const RunResult& result, const std::optional<EpochReport>& last) {
  const LoopResult& loop = result.loop;
  if (last && last->validation) print_validation(*last);
  fmt::print("  best epoch       {}\n", loop.progress.best_epoch);
  fmt::print("  time             {:.1f} s\n", result.seconds);
  fmt::print("  weights          {}\n", result.weights_hash);
  fmt::print("  run folder       {}\n", result.folder.string());
  if (loop.first_bad_epoch > 0) {
    fmt::print(
        "\nThe loss is not a finite number since epoch {}: lower train.learning_rate and look at "
        "gradient_stats.csv.\n",
        loop.first_bad_epoch);
  }
}

}  // namespace

void run_and_summarise(int threads, bool quiet,
                       const std::function<RunResult(const RunOptions&)>& job) {
  Progress progress(quiet);
  std::optional<EpochReport> last;
  RunOptions options;
  options.threads = threads;
  options.on_start = [&](const RunStart& start) { progress.start(start); };
  options.hooks.on_epoch = [&](const EpochReport& report) {
    last = report;
    progress.epoch(report);
  };
  options.hooks.stop_requested = StopSignal::requested;
  const StopSignal signals;
  const RunResult result = job(options);
  progress.finish();
  if (result.loop.stopped) {
    throw Interrupted(fmt::format("stopped after epoch {}; go on with: {} resume {}",
                                  result.loop.progress.epoch, program_name(),
                                  result.folder.string()));
  }
  print_summary(result, last);
}

}  // namespace spanlab::cli
