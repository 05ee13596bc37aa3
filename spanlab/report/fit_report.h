// What fitting a detector gave, as a report.
#pragma once

#include "spanlab/document/document.h"
#include "spanlab/fit/fit.h"
#include "spanlab/metrics/evaluation.h"

namespace spanlab {

/// Delay x threshold, average precision, F1, precision and recall; the default marked.
TextTable delay_table(const Detector& detector);

/// The folds' figures, thresholds by delay, and the held-out test if there was one.
Document fit_report(const FitResult& result);

/// What a detector reaches on bars whose spans are known.
Document detector_test_report(const Evaluation& test);

}  // namespace spanlab
