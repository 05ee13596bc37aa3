// Significant digits, percentages, intervals, sizes and changes as text.
#include "spanlab/document/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace spanlab {
namespace {

constexpr std::string_view kMissing = "–";

// The power of ten of the leading digit once the value is rounded to `digits` significant digits:
// 9.996 with three is 10.0, so 1.
int leading_power(double value, int digits) {
  const std::string text = fmt::format("{:.{}e}", value, digits - 1);
  return std::atoi(text.c_str() + text.find('e') + 1);
}

int decimals_for(double value, int digits) {
  return std::max(0, digits - 1 - leading_power(value, digits));
}

// "-0.0" is no number to show.
std::string fixed(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  const bool only_zeros = text.find_first_not_of("-0.") == std::string::npos;
  if (only_zeros && text.front() == '-') text.erase(0, 1);
  return text;
}

}  // namespace

std::string number(double value, int digits) {
  if (std::isnan(value)) return std::string(kMissing);
  if (std::isinf(value)) return value > 0.0 ? "∞" : "-∞";
  if (value == 0.0) return "0";
  digits = std::max(digits, 1);
  const int power = leading_power(value, digits);
  if (power < -4 || power >= 9) return fmt::format("{:.{}e}", value, digits - 1);
  return fixed(value, decimals_for(value, digits));
}

std::string percent(double share, int decimals) {
  if (!std::isfinite(share)) return std::string(kMissing);
  return fixed(100.0 * share, std::max(decimals, 0)) + " %";
}

std::string interval_text(double value, double low, double high) {
  if (!std::isfinite(value)) return std::string(kMissing);
  if (!std::isfinite(low) || !std::isfinite(high)) {
    return fmt::format("{} [{}]", number(value, 3), kMissing);
  }
  const double largest = std::max({std::abs(value), std::abs(low), std::abs(high)});
  if (largest == 0.0) return "0 [0, 0]";
  const int power = leading_power(largest, 3);
  if (power < -4 || power >= 9) {
    return fmt::format("{} [{}, {}]", number(value, 3), number(low, 3), number(high, 3));
  }
  const int decimals = decimals_for(largest, 3);
  return fmt::format("{} [{}, {}]", fixed(value, decimals), fixed(low, decimals),
                     fixed(high, decimals));
}

std::string file_size(uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  constexpr std::array<std::string_view, 6> kUnits{"kB", "MB", "GB", "TB", "PB", "EB"};
  double size = static_cast<double>(bytes) / 1000.0;
  size_t unit = 0;
  // 999.95 would be written as 1000.0.
  while (size >= 999.95 && unit + 1 < kUnits.size()) {
    size /= 1000.0;
    ++unit;
  }
  return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string change_text(double first, double last) {
  if (!std::isfinite(first) || !std::isfinite(last)) return std::string(kMissing);
  if (first == last) return "unchanged";
  if (first == 0.0) return "from 0 to " + number(last, 3);
  const double share = (last - first) / std::abs(first);
  const std::string size = percent(std::abs(share), 1);
  if (size == "0.0 %") return "unchanged";
  return (share > 0.0 ? "up " : "down ") + size;
}

}  // namespace spanlab
