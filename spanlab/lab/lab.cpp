// Two rounds of runs with a diagnosis and a decision between them, then the comparison.
#include "spanlab/lab/lab_runs.h"

#include <algorithm>
#include <map>

#include "spanlab/base/error.h"
#include "spanlab/base/parallel.h"
#include "spanlab/base/settings.h"
#include "spanlab/diagnose/diagnose.h"
#include "spanlab/evaluate/evaluate_run.h"
#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/lab/experiment.h"
#include "spanlab/lab/path.h"
#include "spanlab/metrics/metric_draws.h"

namespace spanlab {
namespace {

class Lab {
 public:
  Lab(const LabConfig& config, const TrainingData& data, const Job& job)
      : config_(config), data_(data), job_(job), threads_(job.thread_count()) {}

  LabResult run() {
    LabResult result;
    result.held_out = config_.held_out.has_value();
    const std::vector<Experiment> options = reported_options(config_.base);
    try_all("baseline and options", options, result);

    const StopScope scope(job_);
    const RunEvidence baseline =
        gather_evidence(result.recipes.front().runs.front(), threads_, &data_);
    result.findings = diagnose(baseline);
    result.baseline = evaluate_run(baseline, config_.held_out, threads_);
    result.path = decide_path(mean_f1(result), result.baseline.chance.f1_all_positive);
    const auto leading = std::find_if(options.begin(), options.end(), [&](const Experiment& e) {
      return e.name == result.path.leading;
    });
    std::vector<Experiment> proposals =
        proposed_experiments(config_.base, result.findings, options, *leading, config_.proposals);
    proposals.insert(proposals.end(), config_.also.begin(), config_.also.end());
    if (!proposals.empty()) try_all("remedies", proposals, result);

    compare(result);
    return result;
  }

 private:
  /// Trains and tests every experiment's runs; appends to the result.
  void try_all(const std::string& stage, const std::vector<Experiment>& experiments,
               LabResult& result) {
    std::vector<LabRun> runs;
    for (const Experiment& experiment : experiments) {
      const std::vector<LabRun> own = runs_of(config_, experiment, data_);
      RecipeResult recipe{experiment, own.front().recipe, {}, {}, {}, Verdict::no_evidence};
      for (const LabRun& run : own) recipe.runs.push_back(run.folder);
      result.recipes.push_back(std::move(recipe));
      runs.insert(runs.end(), own.begin(), own.end());
    }
    train_runs(runs, data_, stage, job_);
    const StopScope scope(job_);

    const size_t first = drawn_.size();
    drawn_.resize(first + runs.size());
    ThreadPool pool(threads_);
    pool.run(static_cast<int>(runs.size()), [&](int i) {
      const auto run = static_cast<size_t>(i);
      // Runs that are tested on the same windows share their draws.
      const auto seed = config_.held_out ? 0 : static_cast<uint64_t>(runs[run].repetition);
      drawn_[first + run] = draw_run(gather_run(runs[run].folder, 1, &data_), config_.held_out,
                                     kEvaluationSeed + seed, 1);
    });
  }

  std::span<const MetricDraws> drawn(size_t recipe) const {
    const auto repetitions = static_cast<size_t>(config_.repetitions);
    return std::span(drawn_).subspan(recipe * repetitions, repetitions);
  }

  std::map<std::string, double> mean_f1(const LabResult& result) const {
    std::map<std::string, double> f1;
    for (size_t i = 0; i < result.recipes.size(); ++i) {
      f1[result.recipes[i].experiment.name] =
          mean_over_repetitions(drawn(i), kEvaluationSeed).value[static_cast<size_t>(Metric::f1)];
    }
    return f1;
  }

  void compare(LabResult& result) const {
    constexpr auto metric = static_cast<size_t>(kVerdictMetric);
    const std::span<const MetricDraws> baseline = drawn(0);
    for (size_t i = 0; i < result.recipes.size(); ++i) {
      RecipeResult& recipe = result.recipes[i];
      recipe.metrics = intervals_of(mean_over_repetitions(drawn(i), kEvaluationSeed));
      if (recipe.metrics[metric].value > result.recipes[result.best].metrics[metric].value) {
        result.best = i;
      }
      if (i == 0) continue;
      std::vector<MetricDraws> differences;
      for (size_t r = 0; r < baseline.size(); ++r) {
        differences.push_back(difference_of(drawn(i)[r], baseline[r]));
      }
      recipe.difference = intervals_of(mean_over_repetitions(differences, kEvaluationSeed));
      recipe.verdict = verdict_of(recipe.difference[metric]);
    }
  }

  const LabConfig& config_;
  const TrainingData& data_;
  const Job& job_;
  int threads_;                     // for runs side by side
  std::vector<MetricDraws> drawn_;  // [recipes, repetitions]
};

}  // namespace

std::vector<LabRun> runs_of(const LabConfig& config, const Experiment& experiment,
                            const TrainingData& data) {
  std::vector<LabRun> runs;
  for (int i = 0; i < config.repetitions; ++i) {
    Recipe recipe = patched(config.base, experiment.patch);
    recipe.train.seed += i;
    // Only first runs are diagnosed; recording changes no bit of the others.
    if (i > 0) recipe.record.diagnostics_every = 0;
    if (config.folds == 0) {
      recipe.split.kind = SplitKind::grouped;
      recipe.split.seed += i;
    } else {
      recipe.split.kind = SplitKind::kfold;
      recipe.split.folds = config.folds;
      recipe.split.fold = i % config.folds;
      recipe.split.seed += i / config.folds;
    }
    const std::string name = run_folder_name(experiment.name, i, recipe, data);
    runs.push_back({experiment.name, i, std::move(recipe), config.folder / "runs" / name});
  }
  return runs;
}

LabResult run_lab(const LabConfig& config, const TrainingData& data, const Job& job) {
  if (!config.base.has(Task::span)) {
    throw Error(
        "the lab compares the detection of spans, but the recipe trains without the span task",
        "add \"span\" to loss.tasks");
  }
  return Lab(config, data, job).run();
}

std::vector<Setting> settings_of(LabConfig& config) {
  return {
      integer_setting("lab.repetitions", config.repetitions, {1, 1000},
                      "runs of each recipe, with different splits and seeds")
          .as_option("--seeds"),
      integer_setting_or_none("lab.folds", config.folds, 0, {2, 1000},
                              "folds for cross-validation by groups, instead of grouped splits"),
      integer_setting("lab.proposals", config.proposals, {0, 100},
                      "largest number of recipes made from the findings' remedies")
          .as_option("--remedies")};
}

}  // namespace spanlab
