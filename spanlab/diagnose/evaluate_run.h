// A completed run, tested: from its folder to its figures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "spanlab/diagnose/evaluation.h"
#include "spanlab/diagnose/held_out.h"
#include "spanlab/diagnose/run_evidence.h"
#include "spanlab/measure/metric_draws.h"

namespace spanlab {

/// The last epoch's model beside the trivial predictors, on the held-out stretch, or without one on
/// the run's validation windows. Throws Error if the evidence holds no model or data (saying why),
/// the run left the span task out, or there is no window to test on.
Evaluation evaluate_run(const RunEvidence& run, const std::optional<HeldOutInputs>& held_out,
                        int threads);

/// The model's figures alone, drawn with `seed`. Throws as above.
MetricDraws draw_run(const RunEvidence& run, const std::optional<HeldOutInputs>& held_out,
                     uint64_t seed, int threads);

}  // namespace spanlab
