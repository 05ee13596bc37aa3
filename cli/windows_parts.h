// spanlab windows split and tile, for the group of window commands.
#pragma once

#include <CLI/CLI.hpp>

namespace spanlab::cli {

void add_windows_split(CLI::App& group);
void add_windows_tile(CLI::App& group);

}  // namespace spanlab::cli
