// The rows of a table on disk, cut back to the epochs that count.
#pragma once

#include <filesystem>
#include <string>

#include "spanlab/runs/table_forms.h"

namespace spanlab {

/// Drops the rows of epochs after `epochs`, and a last line without an end (a write cut short),
/// replacing the file atomically if there is anything to drop. `header` is that of a table of
/// `form`; the first column is the epoch.
/// Throws Error naming file and row: another header, a row with another number of cells or no
/// epoch, epochs that go back, or, if the form has a row every epoch, rows that end before
/// `epochs`.
void drop_later_rows(const std::filesystem::path& path, const TableForm& form,
                     const std::string& header, int epochs);

}  // namespace spanlab
