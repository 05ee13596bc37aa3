// spanlab diagnose: what is wrong with a run, in order of cause, and what to try.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/program_name.h"
#include "cli/run_report_files.h"
#include "cli/terminal.h"
#include "cli/threads_option.h"
#include "spanlab/diagnose/diagnose.h"
#include "spanlab/report/findings_summary.h"

namespace spanlab::cli {
namespace {

namespace fs = std::filesystem;

struct DiagnoseOptions {
  std::string run, out;
  int threads = 0;
  bool rules = false;
};

void diagnose_command(const DiagnoseOptions& options) {
  if (options.rules) {
    fmt::print("{}", rules_table());
    return;
  }
  if (options.run.empty()) {
    throw UsageError("no run folder is named",
                     fmt::format("{} diagnose runs/demo/run, or --rules", program_name()));
  }
  const fs::path folder = options.out.empty() ? options.run : options.out;
  if (!options.out.empty()) fs::create_directories(folder);
  const RunReport report = write_run_report(options.run, folder, threads_of(options.threads));
  print_document(findings_summary(report.findings, report.notes));
  fmt::print("\n  report    {}\n  findings  {}\n", (folder / "report.html").string(),
             (folder / "findings.json").string());
}

}  // namespace

void add_diagnose_command(CLI::App& app) {
  const auto options = std::make_shared<DiagnoseOptions>();
  CLI::App* command = app.add_subcommand(
      "diagnose", "Why a run does not learn: findings in order of cause, with a report");
  command->add_option("run", options->run, "Run folder, or a folder with nothing but tables");
  command->add_option("--out", options->out,
                      "Folder for findings.json, report.md and report.html (default: the run's)");
  command->add_flag("--rules", options->rules, "List every rule: what it measures, when it fires");
  add_threads_option(*command, options->threads);
  command->callback([options] { diagnose_command(*options); });
}

}  // namespace spanlab::cli
