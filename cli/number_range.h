// Which numbers an option takes, in words: "1 or more", for its help text and its errors.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>

namespace spanlab::cli {

/// Whole numbers; an error reads "must be 1 or more, not 0".
CLI::Validator whole_from(int64_t low);
CLI::Validator whole_between(int64_t low, int64_t high);
/// Any numbers but nan and infinite ones.
CLI::Validator number_above(double low);
CLI::Validator number_between(double low, double high);

}  // namespace spanlab::cli
