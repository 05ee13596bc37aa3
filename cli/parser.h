// The command line: commands, help, and what to say about a line that makes no sense.
#pragma once

#include <CLI/CLI.hpp>

namespace spanlab::cli {

/// Gives an empty parser its help, version and all commands.
void set_up_parser(CLI::App& app);

/// Parses the line and runs its command; help and version go to stdout. Throws UsageError, and
/// whatever the command throws.
void run_command_line(int argc, const char* const* argv);

}  // namespace spanlab::cli
