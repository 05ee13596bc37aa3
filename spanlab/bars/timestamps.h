// Times and durations as text: unix seconds, unix milliseconds, ISO 8601; "5m", "1h".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spanlab {

/// How a file writes its times. One file has one form.
enum class TimeForm {
  unix_seconds,       ///< a number below 1e11 in size, decimals allowed
  unix_milliseconds,  ///< a whole number from 1e11 on (from March 1973)
  iso_local,          ///< 2025-01-07, 2025-01-07T00:01, 2025-01-07 00:01:30.250
  iso_zoned,          ///< the same with Z, +hh:mm, +hhmm or +hh at the end
};

std::string_view name_of(TimeForm form);

struct ParsedTime {
  int64_t ms;  ///< milliseconds since 1970-01-01; in UTC if zoned, else in the file's own clock
  TimeForm form;
};

/// Reads one time; digits finer than a millisecond are dropped. Empty if it is in none of the
/// forms or no real date (2025-02-30). ISO years go from 1000 to 4999.
std::optional<ParsedTime> parse_time(std::string_view text);

/// "2025-01-07 00:01:30", with ".250" if not a whole second.
std::string time_text(int64_t ms);

/// Milliseconds of "500ms", "30s", "5m", "1h" or "1d". Throws Error on another form, 0 or more than
/// 366 days.
int64_t parse_duration(std::string_view text);

/// "5m", "1h30m", "2d"; "0s" for 0.
std::string duration_text(int64_t ms);

}  // namespace spanlab
