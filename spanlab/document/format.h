// How reports write numbers.
#pragma once

#include <cstdint>
#include <string>

namespace spanlab {

/// `digits` significant digits, zeros at the end kept, whole digits never dropped; with an exponent
/// below 0.0001 and from 1e9. "0.350", "1235", "1.2e-05"; "–" if not a number, "∞" and "-∞".
std::string number(double value, int digits);

/// 0.912 with one decimal: "91.2 %"; "–" if not finite.
std::string percent(double share, int decimals);

/// "0.279 [0.214, 0.350]": equal decimals, three significant digits of the largest. "0.279 [–]" if
/// an end is not finite, "–" if the value is not.
std::string interval_text(double value, double low, double high);
/// The same of anything with these three members.
template <class Interval>
std::string interval_text(const Interval& i) {
  return interval_text(i.value, i.low, i.high);
}

/// "512 B", "2.4 MB": powers of 1000.
std::string file_size(uint64_t bytes);

/// From first to last in percent of the first: "down 37.9 %", "up 4.0 %", "unchanged". "from 0 to
/// 0.250" if the first is zero, "–" if one is not finite.
std::string change_text(double first, double last);

}  // namespace spanlab
