// Bars for a command, with a word about their faults.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "spanlab/bars/series.h"

namespace spanlab::cli {

/// Tells stderr that the bars of `file` have so many faults and how to see them; nothing at 0.
void note_faults(const std::string& file, int64_t faults);

/// note_faults() for a command whose bars are read further down, perhaps without ever being in
/// memory as a whole: reads those below `end_row` once more. Throws as read_bars() does.
void note_faults_in(const std::string& file, int64_t end_row = std::numeric_limits<int64_t>::max());

/// read_bars(), then note_faults() with what check_bars() counts. Throws as read_bars() does.
Series load_bars(const std::string& file);

}  // namespace spanlab::cli
