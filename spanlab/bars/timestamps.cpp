// Times converted by hand and by std::chrono's calendar: no locale, no time zone database.
#include "spanlab/bars/timestamps.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kFirstMilliseconds = 100'000'000'000;

// Takes characters off the front of a text; every function says whether it could.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  bool at_digit() const { return !text_.empty() && text_[0] >= '0' && text_[0] <= '9'; }
  bool take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // Exactly `count` digits, as a number from low to high.
  bool take_digits(int count, int low, int high, int& value) {
    value = 0;
    for (int k = 0; k < count; ++k) {
      if (!at_digit()) return false;
      value = 10 * value + (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return value >= low && value <= high;
  }
  // The digits after a decimal point, at least one, as whole milliseconds.
  bool take_fraction(int& ms) {
    ms = 0;
    if (!at_digit()) return false;
    for (int unit = 100; at_digit(); unit /= 10) {
      ms += unit * (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return true;
  }

 private:
  std::string_view text_;
};

std::optional<ParsedTime> parse_unix(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return {};
  Scanner rest(text.substr(static_cast<size_t>(end - text.data())));
  const bool milliseconds = std::abs(value) >= kFirstMilliseconds;
  // Microseconds and nanoseconds would be years beyond any market.
  if (milliseconds && std::abs(value) >= kFirstMilliseconds * 1000) return {};
  if (rest.at_end()) {
    if (milliseconds) return ParsedTime{value, TimeForm::unix_milliseconds};
    return ParsedTime{value * kSecond, TimeForm::unix_seconds};
  }
  int ms = 0;
  if (milliseconds || !rest.take('.') || !rest.take_fraction(ms) || !rest.at_end()) return {};
  return ParsedTime{value * kSecond + (text[0] == '-' ? -ms : ms), TimeForm::unix_seconds};
}

// The zone at the end of an ISO time, as milliseconds to subtract.
bool take_zone(Scanner& in, int64_t& offset) {
  if (in.take('Z') || in.take('z')) return true;
  const int64_t sign = in.take('-') ? -1 : 1;
  if (sign == 1 && !in.take('+')) return false;
  int hours = 0, minutes = 0;
  if (!in.take_digits(2, 0, 14, hours)) return false;
  const bool colon = in.take(':');
  if ((colon || in.at_digit()) && !in.take_digits(2, 0, 59, minutes)) return false;
  offset = sign * (hours * kHour + minutes * kMinute);
  return true;
}

std::optional<ParsedTime> parse_iso(std::string_view text) {
  Scanner in(text);
  int year = 0, month = 0, day = 0;
  if (!in.take_digits(4, 1000, 4999, year) || !in.take('-') || !in.take_digits(2, 1, 12, month) ||
      !in.take('-') || !in.take_digits(2, 1, 31, day)) {
    return {};
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return {};
  int64_t ms = std::chrono::sys_days(date).time_since_epoch().count() * kDay;
  if (in.at_end()) return ParsedTime{ms, TimeForm::iso_local};

  int hour = 0, minute = 0, second = 0, fraction = 0;
  if (!in.take('T') && !in.take('t') && !in.take(' ')) return {};
  if (!in.take_digits(2, 0, 23, hour) || !in.take(':') || !in.take_digits(2, 0, 59, minute)) {
    return {};
  }
  if (in.take(':')) {
    if (!in.take_digits(2, 0, 59, second)) return {};
    if (in.take('.') && !in.take_fraction(fraction)) return {};
  }
  ms += hour * kHour + minute * kMinute + second * kSecond + fraction;
  if (in.at_end()) return ParsedTime{ms, TimeForm::iso_local};

  in.take(' ');
  int64_t offset = 0;
  if (!take_zone(in, offset) || !in.at_end()) return {};
  return ParsedTime{ms - offset, TimeForm::iso_zoned};
}

struct Unit {
  std::string_view name;
  int64_t ms;
};
constexpr std::array<Unit, 5> kUnits{
    {{"d", kDay}, {"h", kHour}, {"m", kMinute}, {"s", kSecond}, {"ms", 1}}};

}  // namespace

std::string_view name_of(TimeForm form) {
  switch (form) {
    case TimeForm::unix_seconds:
      return "unix seconds";
    case TimeForm::unix_milliseconds:
      return "unix milliseconds";
    case TimeForm::iso_local:
      return "ISO 8601 without zone";
    case TimeForm::iso_zoned:
      return "ISO 8601 with zone";
  }
  return "";
}

std::optional<ParsedTime> parse_time(std::string_view text) {
  // 2025-01-07 has a hyphen at the fifth place, a number never has.
  if (text.size() > 4 && text[4] == '-') return parse_iso(text);
  return parse_unix(text);
}

std::string time_text(int64_t ms) {
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(ms)};
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(midnight);
  const int64_t rest = (time - midnight).count();
  std::string text =
      fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  rest / kHour, rest / kMinute % 60, rest / kSecond % 60);
  if (rest % kSecond != 0) text += fmt::format(".{:03}", rest % kSecond);
  return text;
}

int64_t parse_duration(std::string_view text) {
  int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view name = text.substr(static_cast<size_t>(end - text.data()));
  for (const Unit& unit : kUnits) {
    if (error == std::errc() && name == unit.name && count > 0 && count <= 366 * kDay / unit.ms) {
      return count * unit.ms;
    }
  }
  throw Error(fmt::format("{} is not a duration", in_quotes(text)),
              "write a whole number and a unit, for example 30s, 5m, 1h or 1d");
}

std::string duration_text(int64_t ms) {
  std::string text = ms < 0 ? "-" : "";
  int64_t rest = std::abs(ms);
  for (const Unit& unit : kUnits) {
    if (rest >= unit.ms) text += fmt::format("{}{}", rest / unit.ms, unit.name);
    rest %= unit.ms;
  }
  return ms == 0 ? "0s" : text;
}

}  // namespace spanlab
