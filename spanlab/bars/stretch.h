// How far a series goes on around a row without a gap.
#pragma once

#include <cstdint>

#include "spanlab/bars/bars.h"

namespace spanlab {

/// Bars before `row` that no gap parts from it, at most `most`.
int64_t bars_before(const Bars& series, int64_t row, int64_t most);
/// Bars behind it, likewise.
int64_t bars_behind(const Bars& series, int64_t row, int64_t most);

}  // namespace spanlab
