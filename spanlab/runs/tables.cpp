// Rows as text, and tables on disk cut back to the epochs that count.
#include "spanlab/runs/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

constexpr char kChanged[] =
    "the table was changed or damaged; start the run again in another folder";

/// One line of a table, cell by cell.
class Line {
 public:
  explicit Line(int epoch) : text_(number_text(int64_t{epoch})) {}

  void add(const Column& column) {
    std::visit([&](const auto* value) { put(*value, column.figure); }, column.value);
  }
  /// The finished line, its end included.
  std::string done() { return std::move(text_) + "\n"; }

 private:
  void text(std::string_view text) { text_.append(",").append(text); }
  template <class Float>
  void number(Float value, bool figure) {
    text(figure && std::isnan(value) ? "" : number_text(value));
  }
  void put(double value, bool figure) { number(value, figure); }
  void put(float value, bool figure) { number(value, figure); }
  void put(const Cell& value, bool) { text(value ? number_text(*value) : ""); }
  void put(int value, bool) { text(number_text(int64_t{value})); }
  void put(char value, bool) { text({&value, 1}); }
  void put(Phase value, bool) { text(value == Phase::train ? "train" : "val"); }
  void put(const std::string& value, bool) { text(value); }
  void put(const std::vector<double>& values, bool figure) {
    for (const double value : values) number(value, figure);
  }

  std::string text_;
};

/// Drops the rows of epochs after `epochs`, and a last line without an end (a write cut short),
/// replacing the file atomically if there is anything to drop.
/// Throws Error naming file and row: another header, a row with another number of cells or without
/// an epoch, epochs that decrease, or, if the table has a row every epoch, rows that end before
/// `epochs`.
void drop_later_rows(const std::filesystem::path& path, const TableForm& form,
                     const std::string& header, int epochs) {
  const std::string text = read_file(path);
  if (!text.starts_with(header + "\n")) {
    throw Error(fmt::format("{}: row 1 is not the header of this table", path.string()), kChanged);
  }
  const auto columns = std::count(header.begin(), header.end(), ',');
  size_t kept = header.size() + 1;  // bytes
  int last = 0;                     // epoch
  for (int row = 2;; ++row) {
    const size_t end = text.find('\n', kept);
    if (end == std::string::npos) break;
    const std::string_view line = std::string_view(text).substr(kept, end - kept);
    int epoch = 0;
    const auto parsed = std::from_chars(line.data(), line.data() + line.size(), epoch);
    if (parsed.ec != std::errc() || parsed.ptr == line.data() + line.size() || *parsed.ptr != ',' ||
        epoch < std::max(last, form.first_epoch) ||
        std::count(line.begin(), line.end(), ',') != columns) {
      throw Error(fmt::format("{}: row {} is not a row of this table", path.string(), row),
                  kChanged);
    }
    if (epoch > epochs) break;
    last = epoch;
    kept = end + 1;
  }
  if (form.every_epoch && last != epochs) {
    throw Error(fmt::format("{}: the rows end at epoch {}, but the run has completed {}",
                            path.string(), last, epochs),
                kChanged);
  }
  if (kept != text.size()) write_file_atomically(path, std::string_view(text).substr(0, kept));
}

}  // namespace

RunTables::RunTables(const RunFolder& folder, const std::vector<std::string>& parameter_names,
                     bool diagnostics, int epochs)
    : parameters_(parameter_names.size()) {
  for (const TableDescription& table : described_tables()) {
    if (table.form.diagnostic && !diagnostics) continue;
    const std::string header = table.header(parameter_names);
    const std::filesystem::path path = folder.table(std::string(table.form.name));
    if (epochs > 0) drop_later_rows(path, table.form, header, epochs);
    AppendFile file = epochs > 0 ? AppendFile::open(path) : AppendFile::create(path);
    if (epochs == 0) file.append(header + "\n");
    files_.emplace(table.form.name, std::move(file));
  }
}

void RunTables::append(const TableForm& form, int epoch,
                       const std::function<void(const ColumnVisitor&)>& columns) {
  Line line(epoch);
  columns([&](const Column& column) {
    [[maybe_unused]] const auto* tensors = std::get_if<std::vector<double>*>(&column.value);
    assert(!tensors || (*tensors)->size() == parameters_);
    line.add(column);
  });
  files_.at(form.name).append(line.done());
}

void RunTables::sync() {
  for (auto& [name, file] : files_) file.sync();
}

}  // namespace spanlab
