// The tables of a run, written row by row.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/runs/append_file.h"
#include "spanlab/runs/run_folder.h"
#include "spanlab/runs/table_rows.h"

namespace spanlab {

/// Every row is on disk, whole, when append() returns; a killed process leaves whole rows.
class RunTables {
 public:
  /// Opens the tables of a run that has completed `epochs` epochs; rows of later epochs are
  /// dropped, each file being replaced atomically. With 0, all are made anew. The tables for
  /// diagnosis are among them only if `diagnostics`; their rows may only be appended then.
  /// `parameter_names`: the last columns of gradient_stats.csv and update_stats.csv.
  /// Throws Error naming file and row: a table missing, another header, a cut or unreadable row, or
  /// one that does not reach `epochs`.
  RunTables(const RunFolder& folder, const std::vector<std::string>& parameter_names,
            bool diagnostics, int epochs = 0);

  /// A row of any type of table_rows.h.
  template <class Row>
  void append(Row row) {
    append(Row::kForm, row.epoch, [&](const ColumnVisitor& visit) { row.columns(visit); });
  }

  /// Makes the rows survive a power cut. To be called before a state is saved that counts on them.
  void sync();

 private:
  void append(const TableForm& form, int epoch,
              const std::function<void(const ColumnVisitor&)>& columns);

  size_t parameters_;
  std::map<std::string_view, AppendFile> files_;  // by TableForm::name
};

}  // namespace spanlab
