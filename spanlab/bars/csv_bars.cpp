// Finds the columns of a bars file, then takes its rows into the arrays of a series.
#include "spanlab/bars/csv_bars.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "spanlab/bars/timestamps.h"
#include "spanlab/base/csv.h"
#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

constexpr std::string_view kTimeNames[] = {"timestamp", "open_time", "epoch_s",   "epoch_ms",
                                           "epoch",     "unix",      "unix_time", "gmt_time",
                                           "datetime",  "time",      "date"};
constexpr std::string_view kOpenNames[] = {"open", "o"};
constexpr std::string_view kHighNames[] = {"high", "h"};
constexpr std::string_view kLowNames[] = {"low", "l"};
constexpr std::string_view kCloseNames[] = {"close", "c"};
constexpr std::string_view kVolumeNames[] = {"volume", "v"};

int find_first(const CsvReader& csv, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    if (const int column = csv.find_column(name); column >= 0) return column;
  }
  return -1;
}

int require_first(const CsvReader& csv, const char* what, std::span<const std::string_view> names) {
  if (const int column = find_first(csv, names); column >= 0) return column;
  throw Error(fmt::format("{}: there is no column for the {}", csv.name(), what),
              fmt::format("name one column {}; the header has: {}", fmt::join(names, " or "),
                          fmt::join(csv.header(), ", ")));
}

// The times of one file: all in the form of the first, and ascending unless disorder is kept.
class TimeColumn {
 public:
  TimeColumn(const CsvReader& csv, int column, Unusable unusable)
      : csv_(csv), column_(column), unusable_(unusable) {}

  int64_t read() {
    const std::string_view text = csv_.text(column_);
    const std::optional<ParsedTime> time = parse_time(text);
    if (!time) {
      csv_.fail(column_, fmt::format("{} is not a time", in_quotes(text)),
                "write unix seconds, unix milliseconds or one ISO 8601 column such as "
                "2025-01-07T00:01:00Z");
    }
    if (first_) form_ = time->form;
    if (time->form != form_) {
      csv_.fail(column_,
                fmt::format("{} is {}, but the first row is {}", in_quotes(text),
                            name_of(time->form), name_of(form_)),
                "write all times of a file in the same form");
    }
    if (!first_ && unusable_ == Unusable::reject && time->ms <= previous_ms_) {
      csv_.fail(column_,
                fmt::format("{} is not after {}, the time of the bar before", time_text(time->ms),
                            time_text(previous_ms_)),
                "sort the file by time, oldest first, with one bar a time; `spanlab bars check` "
                "lists all such rows");
    }
    first_ = false;
    previous_ms_ = time->ms;
    return time->ms;
  }

 private:
  const CsvReader& csv_;
  int column_;
  Unusable unusable_;
  bool first_ = true;
  TimeForm form_{};          // set by the first row
  int64_t previous_ms_ = 0;  // of the row before
};

double read_number(const CsvReader& csv, int column, Unusable unusable) {
  if (unusable == Unusable::keep && csv.text(column).empty()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double value = csv.number(column);
  if (unusable == Unusable::reject && !std::isfinite(value)) {
    csv.fail(column, fmt::format("{} is not a finite number", in_quotes(csv.text(column))),
             "repair or remove the row; `spanlab bars check` lists all such rows");
  }
  return value;
}

}  // namespace

Series read_bars(const std::filesystem::path& path, Unusable unusable) {
  CsvReader csv(path);
  TimeColumn time(csv, require_first(csv, "time", kTimeNames), unusable);
  Series series;
  struct Column {
    int index;
    std::vector<double>* values;
  };
  std::vector<Column> columns = {{require_first(csv, "open", kOpenNames), &series.open},
                                 {require_first(csv, "high", kHighNames), &series.high},
                                 {require_first(csv, "low", kLowNames), &series.low},
                                 {require_first(csv, "close", kCloseNames), &series.close}};
  if (const int volume = find_first(csv, kVolumeNames); volume >= 0) {
    columns.push_back({volume, &series.volume});
  }
  while (csv.next()) {
    series.time_ms.push_back(time.read());
    for (const Column& column : columns) {
      column.values->push_back(read_number(csv, column.index, unusable));
    }
  }
  if (series.size() == 0) {
    throw Error(fmt::format("{} has a header but no bars", csv.name()),
                "check that the export was complete");
  }
  series.bar_ms = most_common_step(series.time_ms);
  return series;
}

void write_bars(const std::filesystem::path& path, const Series& series) {
  std::vector<std::string> header = {"timestamp", "open", "high", "low", "close"};
  if (!series.volume.empty()) header.emplace_back("volume");
  CsvText csv(header);
  for (int64_t row = 0; row < series.size(); ++row) {
    const Bar bar = series.bar(row);
    if (bar.time_ms % 1000 == 0) {
      csv.cell(bar.time_ms / 1000);
    } else {
      csv.cell(static_cast<double>(bar.time_ms) / 1000);  // exact to the millisecond below 1e11 s
    }
    csv.cell(bar.open).cell(bar.high).cell(bar.low).cell(bar.close);
    if (!series.volume.empty()) csv.cell(series.volume[static_cast<size_t>(row)]);
    csv.end_row();
  }
  write_file_atomically(path, csv.text());
}

int64_t most_common_step(const std::vector<int64_t>& time_ms) {
  std::map<int64_t, int64_t> counts;
  for (size_t i = 1; i < time_ms.size(); ++i) {
    if (const int64_t step = time_ms[i] - time_ms[i - 1]; step > 0) ++counts[step];
  }
  int64_t best = 0, best_count = 0;
  for (const auto& [step, count] : counts) {
    if (count > best_count) best = step, best_count = count;
  }
  return best;
}

}  // namespace spanlab
