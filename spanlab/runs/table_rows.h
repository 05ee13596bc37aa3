// The rows of a table on disk, cut back to the epochs that count.
#pragma once

#include <filesystem>
#include <string>

namespace spanlab {

/// Drops the rows of epochs after `epochs`, and a last line without an end (a write cut short),
/// replacing the file atomically if there is anything to drop. The first column is the epoch.
/// Throws Error naming file and row: another header, a row with another number of cells or no
/// epoch, epochs that go back, or, with `every_epoch`, rows that end before `epochs`.
void drop_later_rows(const std::filesystem::path& path, const std::string& header, int epochs,
                     bool every_epoch);

}  // namespace spanlab
