// CLI11's own ranges print the largest double and let nan pass.
#include "cli/number_range.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string>

namespace spanlab::cli {
namespace {

/// `words`: which numbers `is_in` takes.
template <typename Number>
CLI::Validator range(const char* kind, const std::string& words,
                     const std::function<bool(Number)>& is_in) {
  const auto complaint = [=](const std::string& text) -> std::string {
    Number value{};
    if (!CLI::detail::lexical_cast(text, value)) {
      return fmt::format("must be a {}, {}, not {}", kind, words, text);
    }
    return is_in(value) ? "" : fmt::format("must be {}, not {}", words, text);
  };
  return CLI::Validator(complaint, words);
}

}  // namespace

CLI::Validator whole_from(int64_t low) {
  return range<int64_t>("whole number", fmt::format("{} or more", low),
                        [low](int64_t value) { return value >= low; });
}

CLI::Validator whole_between(int64_t low, int64_t high) {
  return range<int64_t>("whole number", fmt::format("{} to {}", low, high),
                        [low, high](int64_t value) { return value >= low && value <= high; });
}

CLI::Validator number_above(double low) {
  return range<double>("number", fmt::format("above {}", low),
                       [low](double value) { return value > low && std::isfinite(value); });
}

CLI::Validator number_between(double low, double high) {
  return range<double>("number", fmt::format("{} to {}", low, high),
                       [low, high](double value) { return value >= low && value <= high; });
}

}  // namespace spanlab::cli
