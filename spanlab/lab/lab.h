// The lab: baseline, its diagnosis, the options and what the findings propose, compared.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/base/job.h"
#include "spanlab/diagnose/finding.h"
#include "spanlab/evaluate/held_out.h"
#include "spanlab/lab/experiment.h"
#include "spanlab/lab/path.h"
#include "spanlab/metrics/evaluation.h"
#include "spanlab/windows/labelled.h"

namespace spanlab {

struct Setting;

struct LabConfig {
  Recipe base;
  std::optional<HeldOut> held_out;  ///< none: every run is tested on its validation windows
  std::filesystem::path folder;     ///< runs go to its folder runs/
  int repetitions = 3;              ///< runs of a recipe
  int folds = 0;                 ///< 0: grouped splits of the recipe's size; else fold i of as many
  int proposals = 2;             ///< recipes from findings at most
  std::vector<Experiment> also;  ///< further recipes to try
};

/// lab.repetitions and so on, bound to the fields of `config`; those of its recipe are not among
/// them.
std::vector<Setting> settings_of(LabConfig& config);

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

/// The metric that verdicts and the best recipe go by: it needs no threshold.
inline constexpr Metric kVerdictMetric = Metric::average_precision;

/// Runs the lab, or goes on with it: completed runs are taken from their folders. Progress: stages
/// "baseline and options" and "remedies", a step an epoch of any run, figures "runs done" and
/// "runs". Throws Error (bad inputs, a run that fails), Stopped: the same call goes on.
LabResult run_lab(const LabConfig& config, const Labelled& labelled, const Job& job = {});

}  // namespace spanlab
