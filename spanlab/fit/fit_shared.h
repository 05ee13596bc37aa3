// Fitting on data that others share.
#pragma once

#include "spanlab/fit/fit.h"
#include "spanlab/train/training_data.h"

namespace spanlab {

FitResult fit_detector(const FitConfig& config, const TrainingData& data, const Job& job);

}  // namespace spanlab
