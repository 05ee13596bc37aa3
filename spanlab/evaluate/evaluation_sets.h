// What a run is tested on: its own validation windows, or a stretch that none of them reaches.
#pragma once

#include "spanlab/evaluate/held_out.h"
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

/// The first row of the stretch. Throws Error if a window of the run reaches it or no window fits
/// after it.
int64_t held_out_begin(const Recipe& recipe, const RunData& data, const HeldOut& stretch);

/// Windows next to one another on the stretch; their dataset is as the recipe wants it. Throws
/// Error if a window of the run reaches the stretch, no window fits after it, or the spans do not
/// fit the bars.
HeldOutWindows held_out_data(const Recipe& recipe, const RunData& data, const HeldOut& stretch);

}  // namespace spanlab
