// Which commands there are, and in which order the help text shows them.
#include "cli/commands.h"

namespace spanlab::cli {

void add_commands([[maybe_unused]] CLI::App& app) {}

}  // namespace spanlab::cli
