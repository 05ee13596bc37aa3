// Fits a detector: folds for calibration and thresholds, then members on all windows.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/detect/detector.h"
#include "spanlab/evaluate/held_out.h"
#include "spanlab/metrics/evaluation.h"

namespace spanlab {

struct Setting;

struct FitConfig {
  Recipe recipe;
  std::optional<HeldOut> held_out;  ///< to test on; nothing of it enters the detector
  std::filesystem::path folder;     ///< for the detector; runs go to its folder runs/
  int folds = 5;
  int members = 5;
  int stride = 16;  ///< bars between windows in detection
  /// Bars; ascending. Each with the stride fits into a window.
  std::vector<int> delays{2, 4, 8, 16, 32, 48};
  int default_delay = 16;  ///< one of them
};

/// fit.folds and so on, bound to the fields of `config`; those of its recipe are not among them.
std::vector<Setting> settings_of(FitConfig& config);

/// All settings of a fit and of its recipe as a TOML file: with the same data they give the same
/// detector.
std::string fit_text(const FitConfig& config);

/// Throws Error if the settings do not fit one another: delays, stride, window, tasks.
void check_fit(const FitConfig& config);

/// Sets what such a file sets. Throws Error as read_recipe() does, and if there is no such file or
/// it is a recipe alone.
void read_fit(const std::filesystem::path& path, FitConfig& config);

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

}  // namespace spanlab
