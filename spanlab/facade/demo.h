// The two calls of a demo: its data, and everything after the diagnosis. Between them the caller
// trains a run with the default recipe and diagnoses it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/base/job.h"
#include "spanlab/diagnose/finding.h"
#include "spanlab/facade/run.h"
#include "spanlab/market/simulate.h"
#include "spanlab/windows/labelled.h"

namespace spanlab {

/// What the demo works on.
struct DemoData {
  /// With every span of the series; the windows of the failed run are labelled by themselves.
  Labelled labelled;
  std::optional<SimulatedMarket> market{};  ///< where the bars are simulated
};

/// Rows of the simulated bars that windows are cut from, as many as the reported run's came from;
/// the detector is tested on those after them.
inline constexpr int64_t kDemoSeenBars = 27'000;

/// A market with known expansions and windows around some of the earlier ones. Writes bars.csv,
/// windows.csv and spans.csv into `folder`. Throws Error.
DemoData simulate_demo(const std::filesystem::path& folder);

/// What the demo ends with. Figures are of bars that neither model had seen.
struct DemoResult {
  double failed_f1 = 0, detector_f1 = 0;
  std::string trivial_name{};          ///< of highest average precision; empty if none has one
  double trivial_f1 = 0;               ///< its
  std::optional<double> ceiling_f1{};  ///< of the best possible detector, where it is known
  int64_t unseen_bars = 0;
  Document report{};
};

/// Fits a detector by the recommended recipe on the failed run's windows with all their spans
/// labelled, tests both on the bars after the windows, and finds spans with it in all bars. Writes
/// detector/, detections.csv and demo.html into `folder`. Progress as fit_detector()'s. Throws
/// Error, Stopped.
DemoResult finish_demo(const DemoData& data, const Run& failed,
                       const std::vector<Finding>& findings, const std::filesystem::path& folder,
                       const Job& job = {});

}  // namespace spanlab
