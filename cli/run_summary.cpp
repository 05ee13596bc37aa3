// The last lines that a training run prints.
#include "cli/run_summary.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cli/exit_status.h"
#include "cli/interruptible.h"
#include "cli/progress.h"
#include "spanlab/base/error.h"
#include "spanlab/base/task.h"

namespace spanlab::cli {
namespace {

void print_losses(const Progress& epoch, double loss) {
  fmt::print("\n{:<12}{:>16}{:>9}{:>9}\n", "task", "validation loss", "share", "weight");
  for (const std::string_view task : kTaskNames) {
    const auto of_task = figure(epoch, fmt::format("loss {}", task));
    if (!of_task) continue;  // not a task of this recipe, or no targets
    const std::string share =
        std::isfinite(loss) ? fmt::format("{:.1f}%", 100 * *of_task / loss) : "-";
    fmt::print("{:<12}{:>16.4f}{:>9}{:>8.1f}%\n", task, *of_task, share,
               100 * figure(epoch, fmt::format("weight {}", task)).value_or(0));
  }
  fmt::print("{:<12}{:>16.4f}\n\n", "total", loss);
}

void print_fact(std::string_view name, const std::string& value) {
  fmt::print("{:<27}{}\n", name, value);
}

void print_span_figures(const Progress& epoch) {
  const auto f1 = figure(epoch, "span F1"), separation = figure(epoch, "separation");
  if (!f1) return;
  print_fact("span F1 at threshold 0.5", fmt::format("{:.4f}", *f1));
  if (separation && std::isfinite(*separation)) {
    print_fact("separation",
               fmt::format("{:+.4f}  (mean probability inside spans minus outside)", *separation));
  }
}

std::string elapsed_text(const Training& training, const RunSummary& run,
                         const TrainingProgress& progress) {
  std::string text = fmt::format("{:.1f} s", run.seconds);
  if (training.resumed) text += fmt::format(", from epoch {}", progress.first_epoch() + 1);
  return text;
}

void print_warning(const RunSummary& run) {
  if (run.first_bad_epoch == 0) return;
  fmt::print(
      "\nwarning: the loss is NaN or infinite from epoch {}: lower train.learning_rate and check "
      "gradient_stats.csv\n",
      run.first_bad_epoch);
}

void print_next(const std::string& folder) {
  fmt::print("\nNext\n");
  for (const auto& [command, purpose] :
       {std::pair("diagnose", "why it learns or does not"),
        std::pair("evaluate", "metrics, compared with trivial predictors")}) {
    fmt::print("  {} {} {}    {}\n", program_name(), command, folder, purpose);
  }
}

void print_summary(const Training& training, const RunSummary& run,
                   const TrainingProgress& progress) {
  print_warning(run);
  const std::string best = run.best_epoch > 0 ? std::to_string(run.best_epoch) : "none";
  if (training.brief) {
    fmt::print("{} epochs in {}, best epoch {}, weights {}, run folder {}\n", run.epochs,
               elapsed_text(training, run, progress), best, run.weights_hash, training.folder);
    return;
  }
  if (const std::optional<Progress>& last = progress.last()) {
    if (const auto loss = figure(*last, "validation loss")) {
      print_losses(*last, *loss);
      print_span_figures(*last);
    } else {
      fmt::print("\n");
      print_fact("training loss",
                 fmt::format("{:.4f}", figure(*last, "training loss").value_or(0)));
    }
  }
  print_fact("best epoch", fmt::format("{} of {}", best, run.epochs));
  print_fact("time", elapsed_text(training, run, progress));
  print_fact("weights", run.weights_hash);
  print_fact("run folder", training.folder);
  print_next(training.folder);
}

}  // namespace

Run run_and_summarise(const Training& training, const std::function<Run(const Job&)>& train) {
  TrainingProgress shown(training.quiet, training.folder, training.resumed);
  const InterruptibleJob job(training.threads,
                             [&](const Progress& progress) { shown.show(progress); });
  const std::string what_next =
      training.go_on.empty()
          ? fmt::format("continue with: {} resume {}", program_name(), training.folder)
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
