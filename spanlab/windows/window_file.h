// The windows file (CSV) in and out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/base/byte_source.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Reads a windows file. Columns window_id, first_row, expansion_start, expansion_end (bars in the
/// window, inclusive), type; optional base_window_id (the window's own id if absent), offset (0),
/// visible_fraction (1) and labels (complete or single, single if absent). A window without
/// expansion has empty start, end and type. Throws Error naming file, row and column: no row, bad
/// cell, empty or repeated id, negative row, span outside the `length` bars of the window or start
/// after end, unknown type or labels, fraction outside (0, 1].
std::vector<Window> read_windows(ByteSource source, int length = kWindowLength);
std::vector<Window> read_windows(const std::filesystem::path& path, int length = kWindowLength);

/// The file's text, see write_windows().
std::string windows_csv(const std::vector<Window>& windows);
/// Writes all columns, atomically; visible_fraction to 4 decimals. Only the labelled span of a
/// window is written: further ones belong to the spans file.
void write_windows(const std::filesystem::path& path, const std::vector<Window>& windows);

}  // namespace spanlab
