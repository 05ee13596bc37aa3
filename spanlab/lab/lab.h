// The lab: baseline, its diagnosis, options and remedies, compared.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/evaluate/held_out.h"
#include "spanlab/metrics/evaluation.h"
#include "spanlab/recipe/recipe.h"

namespace spanlab {

struct Setting;

/// A recipe of the lab, as changes to the baseline.
struct Experiment {
  std::string name;                ///< "no-countdown"; names its runs' folders
  std::vector<std::string> patch;  ///< settings that differ: "loss.countdown_target=unit"
  std::string reason;              ///< why it is tried: the option, or the finding that proposes it
};

/// Names of the options that the decision path asks about.
inline constexpr const char* kBaseline = "baseline";
inline constexpr const char* kNoCountdown = "no-countdown";
inline constexpr const char* kSpanOnly = "span-only";

/// `base` with the patch's settings. Throws Error (unknown setting, value refused).
Recipe patched(const Recipe& base, const std::vector<std::string>& patch);

/// `recipe` as a patch of `base`: the base's split, window, seed, records and criteria stay.
Experiment experiment_of(const std::string& name, const Recipe& recipe, const Recipe& base,
                         const std::string& reason);

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

struct PathStep {
  std::string experiment;  ///< looked at in this step
  double f1;               ///< mean bar F1 of its runs
  std::string decision;    ///< what follows, with the figure, one sentence
};

struct DecisionPath {
  std::vector<PathStep> steps;
  std::string leading;  ///< experiment on which remedies are tried
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

}  // namespace spanlab
