// The lab: baseline, its diagnosis, the options and what the findings propose, compared.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/diagnose/evaluation.h"
#include "spanlab/diagnose/finding.h"
#include "spanlab/diagnose/held_out.h"
#include "spanlab/lab/experiment.h"
#include "spanlab/lab/lab_runs.h"
#include "spanlab/lab/path.h"
#include "spanlab/lab/scores.h"

namespace spanlab {

struct LabConfig {
  Recipe base;
  RunInputs inputs;
  std::optional<HeldOutInputs> held_out;  ///< none: every run is tested on its validation windows
  std::filesystem::path folder;           ///< runs go to its folder runs/
  int repetitions = 3;                    ///< runs of a recipe
  int folds = 0;                 ///< 0: grouped splits of the recipe's size; else fold i of as many
  int proposals = 2;             ///< recipes from findings at most
  std::vector<Experiment> also;  ///< further recipes to try
  int threads = 1;               ///< runs side by side
};

/// A recipe's runs and what they are worth.
struct RecipeResult {
  Experiment experiment;
  Recipe recipe;  ///< of the first repetition
  std::vector<std::filesystem::path> runs;
  std::vector<Interval> metrics;     ///< [kMetricCount] means over the runs
  std::vector<Interval> difference;  ///< [kMetricCount] from the baseline, paired; baseline: empty
  Verdict verdict = Verdict::no_evidence;  ///< in average precision
};

struct LabResult {
  bool held_out = false;  ///< all runs are tested on one stretch; else each on its own windows
  std::vector<RecipeResult> recipes;  ///< baseline first, then as tried
  std::vector<Finding> findings;      ///< of the baseline's first run
  Evaluation baseline;                ///< of the same run: trivial predictors on the test windows
  DecisionPath path;
  size_t best = 0;  ///< recipe of the highest average precision
};

struct LabHooks {
  std::function<void(const std::string& stage, size_t runs)> on_stage;  ///< may be empty
  LabRunsHooks runs;
};

/// The metric that verdicts and the best recipe go by: it needs no threshold.
inline constexpr Metric kVerdictMetric = Metric::average_precision;

/// The runs of one experiment: the lab's split, and seeds that go up with the repetition, so that
/// every recipe meets the same splits. Throws Error (a patch that is refused).
std::vector<LabRun> runs_of(const LabConfig& config, const Experiment& experiment,
                            const std::string& inputs_hash);

/// Runs the lab, or goes on with it: completed runs are taken from their folders. None if it was
/// stopped. Throws Error (bad inputs, a run that fails).
std::optional<LabResult> run_lab(const LabConfig& config, const LabHooks& hooks);

}  // namespace spanlab
