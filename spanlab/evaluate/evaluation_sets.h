// The tests of a run: its own validation windows, or a held-out stretch.
#pragma once

#include "spanlab/evaluate/predict.h"
#include "spanlab/metrics/evaluation_sets.h"
#include "spanlab/train/training_data.h"

namespace spanlab {

/// The run's own validation windows, the threshold from its training windows. `train`,
/// `validation`: what the model says of them.
EvaluationSets validation_sets(const Recipe& recipe, const RunData& data, const Predictions& train,
                               const Predictions& validation);

/// A held-out stretch, the threshold from the run's validation windows, or from its training
/// windows if it has none.
EvaluationSets held_out_sets(const Recipe& recipe, const RunData& data, const Predictions& train,
                             const Predictions& validation, const HeldOutWindows& held_out,
                             const Predictions& tested);

}  // namespace spanlab
