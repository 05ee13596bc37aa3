// Finds the columns of a bars file, then takes its rows one by one.
#include "spanlab/bars/csv_bars.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "spanlab/bars/timestamps.h"
#include "spanlab/base/csv.h"
#include "spanlab/base/error.h"
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
                "sort the file by time, oldest first, with one bar per time; the command `bars "
                "check` lists all such rows");
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
             "repair or remove the row; the command `bars check` lists all such rows");
  }
  return value;
}

}  // namespace

struct BarReader::State {
  State(ByteSource source, Unusable how)
      : csv(std::move(source)),
        unusable(how),
        time(csv, require_first(csv, "time", kTimeNames), how),
        open(require_first(csv, "open", kOpenNames)),
        high(require_first(csv, "high", kHighNames)),
        low(require_first(csv, "low", kLowNames)),
        close(require_first(csv, "close", kCloseNames)),
        volume(find_first(csv, kVolumeNames)) {}

  double number(int column) const { return read_number(csv, column, unusable); }

  CsvReader csv;
  Unusable unusable;
  TimeColumn time;
  int open, high, low, close, volume;
};

BarReader::BarReader(ByteSource source, Unusable unusable)
    : state_(std::make_unique<State>(std::move(source), unusable)) {}

BarReader::~BarReader() = default;

const std::string& BarReader::name() const {
  return state_->csv.name();
}

bool BarReader::has_volume() const {
  return state_->volume >= 0;
}

bool BarReader::next(Bar& bar, double& volume) {
  State& s = *state_;
  if (!s.csv.next()) return false;
  bar.time_ms = s.time.read();
  bar.open = s.number(s.open);
  bar.high = s.number(s.high);
  bar.low = s.number(s.low);
  bar.close = s.number(s.close);
  if (has_volume()) volume = s.number(s.volume);
  return true;
}

void BarReader::drop_cut_line() {
  state_->csv.drop_cut_line();
}

bool BarReader::cut() const {
  return state_->csv.cut();
}

int64_t BarReader::row() const {
  return state_->csv.row();
}

}  // namespace spanlab
