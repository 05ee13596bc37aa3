// Fitting a detector: folds for calibration and thresholds, then members on all windows.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "spanlab/detect/detector.h"
#include "spanlab/diagnose/evaluation.h"
#include "spanlab/diagnose/held_out.h"
#include "spanlab/lab/lab.h"

namespace spanlab {

struct FitConfig {
  Recipe recipe;
  RunInputs inputs;
  std::optional<HeldOutInputs> held_out;  ///< to test on; nothing of it enters the detector
  std::filesystem::path folder;           ///< for the detector; runs go to its folder runs/
  int folds = 5;
  int members = 5;
  int stride = 16;  ///< bars between windows in detection
  /// Bars; ascending. Each with the stride fits into a window.
  std::vector<int> delays{2, 4, 8, 16, 32, 48};
  int default_delay = 16;  ///< one of them
  int threads = 1;
};

struct FitResult {
  Detector detector;
  double threshold = 0;            ///< of best F1 on the folds' windows, uncalibrated
  std::vector<Interval> folds;     ///< [kMetricCount] of the windows, each by a model that has not
                                   ///< seen it, at that threshold
  int windows = 0, groups = 0;     ///< among them
  std::optional<Evaluation> test;  ///< of the members' mean on the held-out stretch
  std::vector<Interval> member;    ///< [kMetricCount] there: mean over single members
};

/// The file of the detector that was fitted in `folder`.
std::filesystem::path detector_file(const std::filesystem::path& folder);

/// Trains folds and members, or goes on with them (see train_runs()), makes a detector of them and
/// writes its file. None if it was stopped. The folds are kfold's, or purged blocks in time if the
/// recipe's split is purged (for windows that overlap one another all along). Throws Error (bad
/// inputs, a recipe without span task, delays that do not fit, a run that fails, a folder with the
/// detector of another recipe or other data).
std::optional<FitResult> fit_detector(const FitConfig& config, const LabHooks& hooks);

}  // namespace spanlab
