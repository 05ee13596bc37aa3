// --start-from, as the commands that train have it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/program_name.h"

namespace spanlab::cli {

inline void add_start_option(CLI::App& command, std::string& start) {
  command.add_option("--start-from", start,
                     "Weights to start from, where names and shapes fit: of `" + program_name() +
                         " pretrain`, or a run's best_model.safetensors");
}

}  // namespace spanlab::cli
