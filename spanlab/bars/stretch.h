// How far a series goes on around a row without a gap.
#pragma once

#include <cstdint>

#include "spanlab/bars/bars.h"

namespace spanlab {

/// `rows` and the bars around them that no gap parts from them, at most `before` and `after`.
BarRange widened(const Bars& series, BarRange rows, int64_t before, int64_t after);

/// All rows that no gap parts from `row`.
BarRange stretch_around(const Bars& series, int64_t row);

}  // namespace spanlab
