// The first bars of a series, as if the others were not known yet.
#pragma once

#include <cstdint>

#include "spanlab/bars/bars.h"

namespace spanlab {

/// Rows 0 .. rows - 1; all of them if there are fewer. bar_ms stays: it is known of the market.
/// Throws Error if `rows` is negative.
Bars prefix(const Bars& series, int64_t rows);

}  // namespace spanlab
