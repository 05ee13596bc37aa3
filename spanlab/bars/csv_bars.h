// Bars as CSV, in and out.
#pragma once

#include <filesystem>

#include "spanlab/bars/bar_reader.h"
#include "spanlab/bars/bars.h"

namespace spanlab {

/// Reads a bars file to its end, see BarReader. Gaps and prices are taken as they are: check_bars()
/// judges them. Throws Error (file, columns, a cell, no bars, time not ascending).
Bars read_bars(ByteSource source, Unusable unusable = Unusable::reject);
Bars read_bars(const std::filesystem::path& path, Unusable unusable = Unusable::reject);

/// Writes timestamp (unix seconds, decimals only where needed), open, high, low, close and, if the
/// series has it, volume; atomically. Reads back to the same series.
void write_bars(const std::filesystem::path& path, const Bars& series);

/// The most common forward step between neighbours, in milliseconds; the shorter one of equally
/// common steps; 0 if there is none. It is what Bars::bar_ms holds.
int64_t most_common_step(const std::vector<int64_t>& time_ms);

}  // namespace spanlab
