// Each table is read by the names of its columns, cell after cell in the order of table_forms.h.
#include "spanlab/runs/run_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <system_error>

#include "spanlab/base/csv.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/runs/table_forms.h"

namespace spanlab {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kLargestTable = uint64_t{1} << 30;  // bytes

std::string file_name(const TableForm& form) {
  return std::string(form.name) + ".csv";
}

std::vector<std::string> names_in(std::string_view columns) {
  std::vector<std::string> names;
  while (true) {
    const size_t comma = columns.find(',');
    names.emplace_back(columns.substr(0, comma));
    if (comma == std::string_view::npos) return names;
    columns.remove_prefix(comma + 1);
  }
}

// Cells of one kind that a table should not have, and where the first one is.
struct OddCells {
  int64_t count = 0;
  std::string first;

  void add(int64_t row, std::string_view column) {
    if (count++ == 0) first = fmt::format("row {}, column {}", row, column);
  }
  std::string text(std::string_view what) const {
    return fmt::format("{} {} {}, the first in {}", counted(count, "cell"),
                       count == 1 ? "is" : "are", what, first);
  }
};

// The rows of one table. After next() and epoch(), the calls take the columns in their order.
class TableReader {
 public:
  TableReader(const fs::path& path, const TableForm& form) : form_(form), csv_(path) {
    csv_.drop_cut_line();
    for (const std::string& name : names_in(form.columns)) columns_.push_back(csv_.column(name));
  }

  // Names of the columns that are not the table's own, in the order of the file.
  std::vector<std::string> further_columns() const {
    std::vector<std::string> further;
    for (size_t k = 0; k < csv_.header().size(); ++k) {
      const bool own = std::find(columns_.begin(), columns_.end(), k) != columns_.end();
      if (!own) further.push_back(csv_.header()[k]);
    }
    return further;
  }
  // Takes these columns too, behind the others.
  void add_columns(const std::vector<std::string>& names) {
    for (const std::string& name : names) columns_.push_back(csv_.column(name));
  }

  // Goes to the next row and checks its epoch.
  bool next() {
    if (!csv_.next()) return false;
    next_ = 0;
    const int column = columns_[next_++];
    const int64_t epoch = csv_.integer(column);
    if (epoch < 0 || epoch > std::numeric_limits<int>::max()) {
      csv_.fail(column, fmt::format("there is no epoch {}", epoch), "epochs count from 1");
    }
    if (rows_ > 0 && (epoch < epoch_ || (form_.one_row && epoch == epoch_))) {
      csv_.fail(column, fmt::format("epoch {} follows epoch {}", epoch, epoch_),
                "two runs may have written into this table; keep the rows of one");
    }
    const int64_t expected = rows_ > 0 ? epoch_ + 1 : 1;
    if (form_.every_epoch && epoch > expected) {
      if (skipped_ == 0) first_skipped_ = expected;
      skipped_ += epoch - expected;
    }
    epoch_ = epoch;
    ++rows_;
    return true;
  }

  int epoch() const { return static_cast<int>(epoch_); }

  std::string_view text() { return csv_.text(columns_[next_++]); }

  Phase phase() {
    const std::string_view name = text();
    if (name == "train") return Phase::train;
    if (name == "val") return Phase::val;
    refuse(fmt::format("{} is no phase", in_quotes(name)), "a phase is train or val");
  }

  // An empty cell is none.
  Cell cell() {
    const int column = columns_[next_];
    if (text().empty()) return std::nullopt;
    const double value = csv_.number(column);
    if (!std::isfinite(value)) not_finite_.add(csv_.row(), name_of(column));
    return value;
  }
  // An empty cell is NaN: a figure of an empty set.
  double figure() { return cell().value_or(std::numeric_limits<double>::quiet_NaN()); }
  // An empty cell is NaN, and noted: there should be a number.
  double number() {
    const int column = columns_[next_];
    if (csv_.text(column).empty()) empty_.add(csv_.row(), name_of(column));
    return figure();
  }
  Summary summary() {
    const double mean = figure(), std = figure();
    const auto min = static_cast<float>(figure()), max = static_cast<float>(figure());
    return {mean, std, min, max, static_cast<float>(figure())};
  }
  TaskCells tasks() {
    TaskCells cells;
    for (Cell& each : cells) each = cell();
    return cells;
  }
  int integer(int low, int high) {
    const int64_t value = csv_.integer(columns_[next_++]);
    if (value < low || value > high) {
      refuse(fmt::format("{} is out of range", value), fmt::format("give {} to {}", low, high));
    }
    return static_cast<int>(value);
  }
  // One of `letters`.
  char letter(std::string_view letters) {
    const std::string_view field = text();
    if (field.size() == 1 && letters.find(field[0]) != std::string_view::npos) return field[0];
    refuse(fmt::format("{} is none of {}", in_quotes(field), letters), "give one of these letters");
  }
  std::vector<double> numbers(size_t count) {
    std::vector<double> values(count);
    for (double& value : values) value = number();
    return values;
  }

  void add_faults(std::vector<RecordFault>& faults) const {
    const auto add = [&](std::string what) {
      faults.push_back({file_name(form_), std::move(what)});
    };
    if (csv_.cut()) add("the last line is cut");
    if (form_.every_epoch && rows_ == 0) add("there is no row");
    if (skipped_ > 0) {
      add(fmt::format("{} without a row, the first is {}", counted(skipped_, "epoch"),
                      first_skipped_));
    }
    if (empty_.count > 0) add(empty_.text("empty"));
    if (not_finite_.count > 0) add(not_finite_.text("nan or inf"));
  }

 private:
  const std::string& name_of(int column) const {
    return csv_.header()[static_cast<size_t>(column)];
  }
  // About the cell taken last.
  [[noreturn]] void refuse(const std::string& what, const std::string& hint) const {
    csv_.fail(columns_[next_ - 1], what, hint);
  }

  const TableForm& form_;
  CsvReader csv_;
  std::vector<int> columns_;  // places in the file
  size_t next_ = 0;           // of columns_
  int64_t rows_ = 0, epoch_ = 0;
  int64_t skipped_ = 0, first_skipped_ = 0;  // epochs
  OddCells empty_, not_finite_;
};

// Rows of the tables, each in the order of its columns.
void read_row(TableReader& t, const RunRecord&, EpochMetricsRow& row) {
  row = {t.epoch(), t.number(), t.cell(), t.cell(), t.cell(), t.cell(), t.number()};
}
void read_row(TableReader& t, const RunRecord&, LossComponentsRow& row) {
  row = {t.epoch(), t.phase(), t.tasks(), t.cell()};
}
void read_row(TableReader& t, const RunRecord&, UncertaintyParamsRow& row) {
  row.epoch = t.epoch();
  for (TaskCells* cells : {&row.sigma, &row.weight}) {
    for (const Task task : kUncertaintyOrder) (*cells)[static_cast<size_t>(task)] = t.cell();
  }
}
void read_row(TableReader& t, const RunRecord&, ProbabilityStatsRow& row) {
  row = {t.epoch(), t.phase(), t.summary(), t.summary(), t.figure()};
}
void read_row(TableReader& t, const RunRecord&, FeatureStatsRow& row) {
  row = {t.epoch(), t.phase(), std::string(t.text()), t.summary()};
}
void read_row(TableReader& t, const RunRecord& record, GradientStatsRow& row) {
  row = {t.epoch(), t.number(), t.numbers(record.tensors.size())};
}
void read_row(TableReader& t, const RunRecord&, InitialLossesRow& row) {
  row = {t.epoch(), t.phase(), t.tasks()};
}
void read_row(TableReader& t, const RunRecord&, RankingStatsRow& row) {
  row = {t.epoch(), t.phase(), t.figure(), t.figure(), t.figure(), t.figure(), t.figure()};
}
void read_row(TableReader& t, const RunRecord&, TaskGradientsRow& row) {
  row = {t.epoch(), t.tasks(), t.tasks(), {}};
  for (Cell& cosine : row.cosine) cosine = t.cell();
}
void read_row(TableReader& t, const RunRecord& record, UpdateStatsRow& row) {
  row = {t.epoch(), t.number(), std::vector<double>(record.tensors.size())};
  for (double& ratio : row.ratios) ratio = t.figure();
}
void read_row(TableReader& t, const RunRecord&, GateStatsRow& row) {
  row = {t.epoch(), t.integer(0, 1000), t.integer(0, 1), t.letter("ifgo"), t.number(), t.number()};
}

// Size of the table's file; -1 if there is none.
int64_t size_of(const fs::path& path) {
  std::error_code problem;
  if (!fs::exists(path, problem) && !problem) return -1;
  const uint64_t size = problem ? 0 : fs::file_size(path, problem);
  if (problem) {
    throw Error(fmt::format("cannot read {}: {}", path.string(), problem.message()),
                "give a folder whose tables are files that you may read");
  }
  if (size > kLargestTable) {
    throw Error(
        fmt::format("{} has {} bytes: no table of a run is that large", path.string(), size),
        fmt::format("tables of up to {} bytes are read", kLargestTable));
  }
  return static_cast<int64_t>(size);
}

// Reads one table into `rows`; false if it is not there.
template <class Row>
bool read_table(const fs::path& folder, Table table, RunRecord& record, std::vector<Row>& rows) {
  const TableForm& form = form_of(table);
  const fs::path path = folder / file_name(form);
  const int64_t size = size_of(path);
  if (size < 0) {
    if (static_cast<size_t>(table) < kBasicTables) record.missing.push_back(file_name(form));
    return false;
  }
  if (size == 0) {
    record.faults.push_back({file_name(form), "the file is empty"});
    return true;
  }
  TableReader reader(path, form);
  if (form.tensors_follow) {
    if (record.tensors.empty()) record.tensors = reader.further_columns();
    reader.add_columns(record.tensors);
  }
  while (reader.next()) read_row(reader, record, rows.emplace_back());
  reader.add_faults(record.faults);
  return true;
}

}  // namespace

RunRecord read_run_record(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(fmt::format("there is no folder {}", folder.string()),
                "give the folder of a run, or one with its tables");
  }
  RunRecord record;
  int found = 0;
  found += read_table(folder, Table::epoch_metrics, record, record.epoch_metrics);
  found += read_table(folder, Table::loss_components, record, record.loss_components);
  found += read_table(folder, Table::uncertainty_params, record, record.uncertainty_params);
  found += read_table(folder, Table::probability_stats, record, record.probability_stats);
  found += read_table(folder, Table::feature_stats, record, record.feature_stats);
  found += read_table(folder, Table::gradient_stats, record, record.gradient_stats);
  found += read_table(folder, Table::initial_losses, record, record.initial_losses);
  found += read_table(folder, Table::ranking_stats, record, record.ranking_stats);
  found += read_table(folder, Table::task_gradients, record, record.task_gradients);
  found += read_table(folder, Table::update_stats, record, record.update_stats);
  found += read_table(folder, Table::gate_stats, record, record.gate_stats);
  if (found == 0) {
    throw Error(fmt::format("{} holds no table of a run", folder.string()),
                fmt::format("there should be {} and others like it",
                            file_name(form_of(Table::epoch_metrics))));
  }
  return record;
}

}  // namespace spanlab
