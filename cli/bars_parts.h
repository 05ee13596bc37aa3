// Commands of `spanlab bars` that have a file of their own.
#pragma once

#include <CLI/CLI.hpp>

namespace spanlab::cli {

void add_bars_ceiling(CLI::App& bars);

}  // namespace spanlab::cli
