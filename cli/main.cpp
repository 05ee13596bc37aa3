// The program: parses the command line and runs one command.
#include <csignal>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "spanlab/facade/process.h"

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is then a failed write, which we report
  return spanlab::cli::status_of([&] {
    spanlab::use_environment();
    spanlab::cli::run_command_line(argc, argv);
  });
}
