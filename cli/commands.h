// The commands of the program. Each adds itself, with its options and its action, to the parser.
#pragma once

#include <CLI/CLI.hpp>

namespace spanlab::cli {

}  // namespace spanlab::cli
