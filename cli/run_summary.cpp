// The last lines that a training run leaves on the terminal.
#include "cli/run_summary.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "cli/exit_status.h"
#include "cli/interruptible.h"
#include "cli/progress.h"
#include "spanlab/base/error.h"
#include "spanlab/base/task.h"

namespace spanlab::cli {
namespace {

void print_validation(const Progress& epoch, double loss) {
  fmt::print("\n  {:<22}{:>10}{:>10}{:>10}\n", fmt::format("validation, epoch {}", epoch.step),
             "loss", "share", "weight");
  for (const std::string_view task : kTaskNames) {
    const auto of_task = figure(epoch, fmt::format("loss {}", task));
    if (!of_task) continue;  // not a task of this recipe, or no targets
    const std::string share =
        std::isfinite(loss) ? fmt::format("{:.1f}%", 100 * *of_task / loss) : "-";
    fmt::print("  {:<22}{:>10.4f}{:>10}{:>9.1f}%\n", task, *of_task, share,
               100 * figure(epoch, fmt::format("weight {}", task)).value_or(0));
  }
  fmt::print("  {:<22}{:>10.4f}\n\n", "total", loss);
  const auto f1 = figure(epoch, "span F1"), separation = figure(epoch, "separation");
  if (!f1) return;
  fmt::print("  span F1 at 0.5   {:.4f}\n", *f1);
  if (separation && std::isfinite(*separation)) {
    fmt::print("  separation       {:+.4f}  (mean probability inside minus outside spans)\n",
               *separation);
  }
}

void print_summary(const Training& training, const RunSummary& run,
                   const TrainingProgress& progress) {
  if (run.first_bad_epoch > 0) {
    fmt::print(
        "\nwarning: the loss is not a finite number since epoch {}: lower train.learning_rate and "
        "look at gradient_stats.csv\n",
        run.first_bad_epoch);
  }
  if (const std::optional<Progress>& last = progress.last()) {
    if (const auto loss = figure(*last, "validation loss")) {
      print_validation(*last, *loss);
    } else {
      fmt::print("\n  training loss    {:.4f}\n", figure(*last, "training loss").value_or(0));
    }
  }
  fmt::print("  best epoch       {}\n",
             run.best_epoch > 0 ? std::to_string(run.best_epoch) : "none");
  fmt::print("  time             {:.1f} s{}\n", run.seconds,
             training.resumed
                 ? fmt::format(", since it went on after epoch {}", progress.first_epoch())
                 : "");
  fmt::print("  weights          {}\n", run.weights_hash);
  fmt::print("  run folder       {}\n", training.folder);
}

}  // namespace

Run run_and_summarise(const Training& training, const std::function<Run(const Job&)>& train) {
  TrainingProgress shown(training.quiet, training.folder, training.resumed);
  const InterruptibleJob job(training.threads,
                             [&](const Progress& progress) { shown.show(progress); });
  const std::string what_next =
      training.go_on.empty()
          ? fmt::format("go on with: {} resume {}", program_name(), training.folder)
          : training.go_on;
  try {
    Run run = train(job.job());
    shown.finish();
    if (run.summary().was_complete) {
      fmt::print("{} is complete ({} epochs): nothing to do\n", training.folder,
                 run.summary().epochs);
    } else {
      print_summary(training, run.summary(), shown);
    }
    return run;
  } catch (const Stopped& e) {
    throw Interrupted(fmt::format("{}; {}", e.what(), what_next));
  } catch (const Error& e) {
    if (!shown.started()) throw;  // there is no run yet
    throw Error(e.what(), e.hint() + "; then " + what_next);
  }
}

}  // namespace spanlab::cli
