// The program: parses the command line and runs one command.
#include <csignal>
#include <cstdlib>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "spanlab/base/failpoint.h"
#include "spanlab/kernels/isa.h"

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is then a failed write, which we report
  return spanlab::cli::status_of([&] {
    if (const char* spec = std::getenv("SPANLAB_FAILPOINTS")) spanlab::arm_failpoints(spec);
    spanlab::select_isa_from_environment();
    spanlab::cli::run_command_line(argc, argv);
  });
}
