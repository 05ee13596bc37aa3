// Evaluates a completed run: from its folder to its figures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "spanlab/evaluate/held_out.h"
#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/metrics/evaluation.h"
#include "spanlab/metrics/metric_draws.h"

namespace spanlab {

/// The last epoch's model compared with the trivial predictors, on the held-out stretch, or without
/// one on the run's validation windows. Throws Error if the evidence holds no model or data (saying
/// why), the run left the span task out, or there is no window to test on.
Evaluation evaluate_run(const RunEvidence& run, const std::optional<HeldOut>& held_out,
                        int threads);

/// The model's figures alone, drawn with `seed`. Throws as above.
MetricDraws draw_run(const RunEvidence& run, const std::optional<HeldOut>& held_out, uint64_t seed,
                     int threads);

}  // namespace spanlab
