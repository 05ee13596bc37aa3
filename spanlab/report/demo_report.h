// The demo's page: from a failed run to a detector.
#pragma once

#include <optional>
#include <vector>

#include "spanlab/detect/detect.h"
#include "spanlab/diagnose/finding.h"
#include "spanlab/document/document.h"
#include "spanlab/fit/fit.h"
#include "spanlab/metrics/evaluation.h"

namespace spanlab {

struct DemoStory {
  Evaluation baseline;            ///< of the failed run, on bars that it never saw
  std::vector<Finding> findings;  ///< of the same run
  FitResult fit;                  ///< tested on the same bars
  const Bars* series;             ///< all bars
  std::vector<Window> unseen;     ///< windows side by side of the bars never seen, with their spans
  std::vector<Detection> detections;      ///< of the detector in the whole series
  std::optional<double> ceiling_f1 = {};  ///< of the best possible detector, where it is known
};

/// Baseline, findings, detector, and the windows with most to see as candlesticks.
Document demo_report(const DemoStory& story);

}  // namespace spanlab
