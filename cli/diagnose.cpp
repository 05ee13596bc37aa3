// spanlab diagnose: what is wrong with a run, in order of cause, and what to try.
#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/interruptible.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/spanlab.h"

namespace spanlab::cli {
namespace {

namespace fs = std::filesystem;

struct DiagnoseOptions {
  std::string run, out;
  int threads = 0;
  bool rules = false;
};

void diagnose_run(const DiagnoseOptions& options) {
  if (options.rules) {
    fmt::print("{}", rules_table());
    return;
  }
  if (options.run.empty()) {
    throw UsageError("the run folder is missing",
                     fmt::format("{} diagnose runs/demo/run, or --rules", program_name()));
  }
  const fs::path folder = options.out.empty() ? options.run : options.out;
  if (!options.out.empty()) fs::create_directories(folder);
  const Diagnosis diagnosis = or_interrupted(
      options.threads, true, "nothing is written",
      [&](const Job& job) { return Run::open(options.run).diagnose(job, program_name()); });
  write_diagnosis(diagnosis, folder);
  print_document(diagnosis.summary);
  if (!diagnosis.next.blocks.empty()) fmt::print("\n");
  print_document(diagnosis.next);
  fmt::print("\nAll evidence, curves and remedies\n  {}\n  {}\n", (folder / "report.html").string(),
             (folder / "findings.json").string());
}

void declare(Options& options, DiagnoseOptions& values) {
  options.positional("run", values.run, "Run folder, or a folder with only the tables of a run");
  options.option("--out", values.out,
                 "Folder for findings.json, report.md and report.html (default: the run's)");
  options.flag("--rules", values.rules, "List every rule: what it measures and when it fires");
  add_threads_option(options, values.threads);
}

}  // namespace

Command diagnose_command() {
  return make_command<DiagnoseOptions>(
      "diagnose", "Explain why a run does not learn: findings, causes first, and a report", declare,
      diagnose_run);
}

}  // namespace spanlab::cli
