// The figures of a recipe over its repetitions, with intervals, and differences between recipes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spanlab/metrics/metric_draws.h"

namespace spanlab {

/// Means over R repetitions of a recipe: `runs` [R], each drawn with as many draws. A draw takes R
/// repetitions with replacement and of each its own draw of groups, so the intervals hold both the
/// luck of the seed and that of the windows; for one repetition they hold the windows alone. A
/// metric that is not defined in a repetition is left out of its mean. The repetitions drawn are a
/// function of (seed, draw, R): recipes with the same numbers pair up.
MetricDraws mean_over_repetitions(std::span<const MetricDraws> runs, uint64_t seed);

}  // namespace spanlab
