// A completed run of the lab, tested.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "spanlab/diagnose/evaluation.h"
#include "spanlab/diagnose/held_out.h"
#include "spanlab/measure/metric_draws.h"

namespace spanlab {

/// Figures of the run's last epoch on the held-out stretch, threshold from its validation windows;
/// without a stretch on its validation windows, threshold from its training windows. The bootstrap
/// draws kEvaluationDraws times with `seed`. Throws Error (files that do not fit).
MetricDraws test_run(const std::filesystem::path& folder,
                     const std::optional<HeldOutInputs>& held_out, uint64_t seed);

}  // namespace spanlab
