// Bars as CSV, in and out.
#pragma once

#include <filesystem>

#include "spanlab/bars/series.h"

namespace spanlab {

/// What reading does with bars that no computation can use: a price or volume that is empty, "nan"
/// or "inf"; a time that is not after the one before.
enum class Unusable {
  reject,  ///< Error naming row and column
  keep,    ///< keeps them in the series (empty as NaN), for a check that counts them
};

/// Reads a bars file (CSV, plain or gzip; docs/bars.md). Columns in any order and letter case:
///   time    the first of timestamp, open_time, epoch_s, epoch_ms, epoch, unix, unix_time,
///           gmt_time, datetime, time, date that the header has, in a form of parse_time(), the
///           same form in all rows
///   open, high, low, close (or o, h, l, c); volume (or v), optional
/// Other columns are left out. Gaps and prices are taken as they are: check_bars() judges them.
/// Throws Error (file, columns, a cell, no bars, time not ascending).
Series read_bars(const std::filesystem::path& path, Unusable unusable = Unusable::reject);

/// Writes timestamp (unix seconds, decimals only where needed), open, high, low, close and, if the
/// series has it, volume; atomically. Reads back to the same series.
void write_bars(const std::filesystem::path& path, const Series& series);

/// The most common forward step between neighbours, in milliseconds; the shorter one of equally
/// common steps; 0 if there is none. It is what Series::bar_ms holds.
int64_t most_common_step(const std::vector<int64_t>& time_ms);

}  // namespace spanlab
