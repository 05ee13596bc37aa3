// Calls on a run whose data are in memory, for callers with many runs of the same data.
#pragma once

#include <filesystem>
#include <string>

#include "spanlab/facade/run.h"
#include "spanlab/train/training_data.h"

namespace spanlab {

/// Run::diagnose() of the run in `folder`. `data`: what it was trained on; null: its copy is read.
Diagnosis diagnosis_of(const std::filesystem::path& folder, const TrainingData* data,
                       const Job& job, const std::string& program);

}  // namespace spanlab
