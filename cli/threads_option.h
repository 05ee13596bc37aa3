// --threads, as every command has it.
#pragma once

#include <CLI/CLI.hpp>

namespace spanlab::cli {

void add_threads_option(CLI::App& command, int& threads);

/// What the option means: 0 is one thread a processor.
int threads_of(int threads);

}  // namespace spanlab::cli
