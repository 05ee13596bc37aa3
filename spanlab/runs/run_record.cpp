// Tables read by the names of their columns.
#include "spanlab/runs/run_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <system_error>

#include "spanlab/base/error.h"
#include "spanlab/base/number.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kLargestTable = uint64_t{1} << 30;  // bytes

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

// The rows of one table.
class TableReader {
 public:
  // Columns of `row` are looked up by name; those of tensors, by the names in `tensors`, which are
  // all other columns of the file if there are none yet.
  template <class Row>
  TableReader(CsvReader& csv, Row row, std::vector<std::string>& tensors)
      : form_(Row::kForm), csv_(csv) {
    csv_.drop_cut_line();
    places_.push_back(csv_.column("epoch"));
    row.columns([&](const Column& column) {
      if (!std::holds_alternative<std::vector<double>*>(column.value)) {
        places_.push_back(csv_.column(column.full_name()));
        return;
      }
      if (tensors.empty()) tensors = further_columns();
      tensors_ = tensors.size();
      for (const std::string& name : tensors) places_.push_back(csv_.column(name));
    });
  }

  template <class Row>
  void read_all(std::vector<Row>& rows) {
    while (next()) {
      Row& row = rows.emplace_back();
      row.epoch = static_cast<int>(epoch_);
      row.columns([&](const Column& column) {
        std::visit([&](auto* value) { read(column, *value); }, column.value);
      });
    }
  }

  void add_faults(std::vector<RecordFault>& faults) const {
    const auto add = [&](std::string what) { faults.push_back({form_.file(), std::move(what)}); };
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
  // Names of the columns that have no place yet, in the order of the file.
  std::vector<std::string> further_columns() const {
    std::vector<std::string> further;
    for (size_t k = 0; k < csv_.header().size(); ++k) {
      const bool own = std::find(places_.begin(), places_.end(), k) != places_.end();
      if (!own) further.push_back(csv_.header()[k]);
    }
    return further;
  }

  // Goes to the next row and checks its epoch.
  bool next() {
    if (!csv_.next()) return false;
    next_ = 0;
    const int64_t epoch = csv_.integer(take());
    if (epoch < 0 || epoch > std::numeric_limits<int>::max()) {
      refuse(fmt::format("there is no epoch {}", epoch), "epochs count from 1");
    }
    if (rows_ > 0 && (epoch < epoch_ || (form_.one_row && epoch == epoch_))) {
      refuse(fmt::format("epoch {} follows epoch {}", epoch, epoch_),
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

  // An empty cell is none.
  void read(const Column&, Cell& cell) {
    const int place = take();
    if (csv_.text(place).empty()) {
      cell = std::nullopt;
      return;
    }
    cell = csv_.number(place);
    if (!std::isfinite(*cell)) not_finite_.add(csv_.row(), name_of(place));
  }
  // An empty cell is NaN, and noted if the column is no figure: there should be a number.
  void read(const Column& column, double& number) {
    const int place = places_[next_];
    if (!column.figure && csv_.text(place).empty()) empty_.add(csv_.row(), name_of(place));
    Cell cell;
    read(column, cell);
    number = cell.value_or(kNone);
  }
  void read(const Column& column, float& number) {
    double wide = 0.0;
    read(column, wide);
    number = static_cast<float>(wide);
  }
  void read(const Column& column, std::vector<double>& numbers) {
    numbers.resize(tensors_);
    for (double& number : numbers) read(column, number);
  }
  void read(const Column&, std::string& text) { text = csv_.text(take()); }
  void read(const Column&, Phase& phase) {
    const std::string_view name = csv_.text(take());
    if (name != "train" && name != "val") {
      refuse(fmt::format("{} is not a phase", in_quotes(name)), "a phase is train or val");
    }
    phase = name == "train" ? Phase::train : Phase::val;
  }
  void read(const Column& column, int& number) {
    const int64_t value = csv_.integer(take());
    if (value < 0 || value > column.highest) {
      refuse(fmt::format("{} is out of range", value), fmt::format("give 0 to {}", column.highest));
    }
    number = static_cast<int>(value);
  }
  void read(const Column& column, char& letter) {
    const std::string_view field = csv_.text(take());
    if (field.size() != 1 || column.letters.find(field[0]) == std::string_view::npos) {
      refuse(fmt::format("{} is not one of {}", in_quotes(field), column.letters),
             "give one of these letters");
    }
    letter = field[0];
  }

  int take() { return places_[next_++]; }
  const std::string& name_of(int place) const { return csv_.header()[static_cast<size_t>(place)]; }
  // About the cell taken last.
  [[noreturn]] void refuse(const std::string& what, const std::string& hint) const {
    csv_.fail(places_[next_ - 1], what, hint);
  }

  const TableForm& form_;
  CsvReader& csv_;
  std::vector<int> places_;  // of the columns in the file: epoch, then those of a row
  size_t tensors_ = 0;
  size_t next_ = 0;  // of places_
  int64_t rows_ = 0, epoch_ = 0;
  int64_t skipped_ = 0, first_skipped_ = 0;  // epochs
  OddCells empty_, not_finite_;
};

template <class Row>
void read_rows(CsvReader& csv, RunRecord& record, std::vector<Row>& rows) {
  TableReader reader(csv, Row{}, record.tensors);
  reader.read_all(rows);
  reader.add_faults(record.faults);
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
    throw Error(fmt::format("{} has {} bytes, too many for a table of a run", path.string(), size),
                fmt::format("tables of up to {} bytes are read", kLargestTable));
  }
  return static_cast<int64_t>(size);
}

// Reads one table of `folder` into `rows`; false if it is not there.
template <class Row>
bool read_file_of(const fs::path& folder, RunRecord& record, std::vector<Row>& rows) {
  const std::string file = file_of<Row>();
  const int64_t size = size_of(folder / file);
  if (size < 0) {
    if (!Row::kForm.diagnostic) record.missing.push_back(file);
    return false;
  }
  if (size == 0) {
    record.faults.push_back({file, "the file is empty"});
    return true;
  }
  CsvReader csv(folder / file);
  read_rows(csv, record, rows);
  return true;
}

}  // namespace

RunRecord read_run_record(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(fmt::format("there is no folder {}", folder.string()),
                "give the folder of a run or of its tables");
  }
  RunRecord record;
  int found = 0;
  record.for_each_table([&](auto& rows) { found += read_file_of(folder, record, rows); });
  if (found == 0) {
    throw Error(fmt::format("{} contains no table of a run", folder.string()),
                fmt::format("there should be {} and others like it", file_of<EpochMetricsRow>()));
  }
  return record;
}

void read_run_table(std::string_view name, CsvReader& csv, RunRecord& record) {
  record.for_each_table([&]<class Row>(std::vector<Row>& rows) {
    if (Row::kForm.name == name) read_rows(csv, record, rows);
  });
}

}  // namespace spanlab
