// Fitting on data that are shared with other calls.
#pragma once

#include "spanlab/base/job.h"
#include "spanlab/fit/fit.h"
#include "spanlab/train/training_data.h"

namespace spanlab {

/// Trains folds and members, or continues with them (see train_runs()), makes a detector of them
/// and writes its file. The folds are kfold's, or purged blocks in time if the recipe's split is
/// purged (for windows that overlap one another all along). Throws as fit_detector() of labelled
/// bars.
FitResult fit_detector(const FitConfig& config, const TrainingData& source, const Job& job);

}  // namespace spanlab
