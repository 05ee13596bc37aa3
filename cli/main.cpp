// The program: parses the command line, runs one command, turns errors into messages and statuses.
// Exit status: 0 done, 1 bad input, 2 wrong usage, 70 a bug of ours.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "cli/commands.h"
#include "spanlab/base/error.h"
#include "spanlab/base/failpoint.h"

namespace {

constexpr int kBadInput = 1;
constexpr int kWrongUsage = 2;
constexpr int kBug = 70;

int run(int argc, char** argv) {
  CLI::App app{"spanlab finds out why a span detector does not learn, and trains one that does.",
               "spanlab"};
  app.require_subcommand(1);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    fmt::print(stderr, "error: {}\nhint: run the command with --help to see its options\n",
               e.what());
    return kWrongUsage;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (const char* spec = std::getenv("SPANLAB_FAILPOINTS")) spanlab::arm_failpoints(spec);
    return run(argc, argv);
  } catch (const spanlab::Error& e) {
    fmt::print(stderr, "error: {}\nhint: {}\n", e.what(), e.hint());
    return kBadInput;
  } catch (const std::exception& e) {
    fmt::print(stderr, "error: {}\nhint: this is a bug in spanlab, please report it\n", e.what());
    return kBug;
  }
}
