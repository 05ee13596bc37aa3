// Bars in columns, as a run folder keeps them: a safetensors file, read and written at disk speed.
#pragma once

#include <filesystem>

#include "spanlab/bars/bars.h"

namespace spanlab {

/// Writes time_ms (I64), open, high, low, close and, if the series has it, volume (F64),
/// atomically.
void write_bars_file(const std::filesystem::path& path, const Bars& series);

/// Reads it back. Throws Error (unreadable, damaged, bars that are not usable, see
/// require_usable()).
Bars read_bars_file(const std::filesystem::path& path);

}  // namespace spanlab
