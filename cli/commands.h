// The commands of the program. Each adds itself, with its options and its action, to the parser.
#pragma once

#include <CLI/CLI.hpp>

namespace spanlab::cli {

/// All of them, in the order of the help text.
void add_commands(CLI::App& app);

}  // namespace spanlab::cli
