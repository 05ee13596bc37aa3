// Reads the tables of a run, those that exist.
#pragma once

#include <filesystem>
#include <string_view>

#include "spanlab/base/csv.h"
#include "spanlab/runs/table_rows.h"

namespace spanlab {

/// Reads what there is in `folder`: a whole run folder, or nothing but tables of the reported
/// form. Columns may come in any order and more may follow; an empty cell is a missing value, "nan"
/// and "inf" are kept. A last line without its end is dropped and noted.
/// Throws Error naming file, row and column: no folder, none of the tables in it, a column missing,
/// text where a number should be, epochs that go back.
RunRecord read_run_record(const std::filesystem::path& folder);

/// Reads one table, wherever its bytes come from, into `record`: the table of that name, as in
/// TableForm. gradient_stats comes before update_stats, as its tensors give the order.
void read_run_table(std::string_view name, CsvReader& csv, RunRecord& record);

}  // namespace spanlab
