// The program: parses the command line and runs one command.
#include <cstdlib>

#include "cli/exit_status.h"
#include "cli/parser.h"
#include "spanlab/base/failpoint.h"

int main(int argc, char** argv) {
  return spanlab::cli::status_of([&] {
    if (const char* spec = std::getenv("SPANLAB_FAILPOINTS")) spanlab::arm_failpoints(spec);
    spanlab::cli::run_command_line(argc, argv);
  });
}
