// spanlab compare: runs side by side.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/held_out_options.h"
#include "cli/terminal.h"
#include "cli/threads_option.h"
#include "spanlab/lab/compare.h"
#include "spanlab/report/compare_report.h"

namespace spanlab::cli {
namespace {

struct CompareOptions {
  std::vector<std::string> runs;
  std::string out;
  HeldOutOptions held_out;
  int threads = 0;
};

void compare(const CompareOptions& options) {
  const std::optional<HeldOutInputs> held_out = options.held_out.inputs();
  const Document document = compare_report(compare_runs({options.runs.begin(), options.runs.end()},
                                                        held_out, threads_of(options.threads)));
  show_document("--out", options.out, document);
}

}  // namespace

void add_compare_command(CLI::App& app) {
  const auto options = std::make_shared<CompareOptions>();
  CLI::App* command =
      app.add_subcommand("compare", "Runs side by side: settings, figures with intervals, curves");
  command->add_option("runs", options->runs, "Run folders; the others are compared with the first")
      ->required()
      ->expected(2, -1);
  options->held_out.add_to(*command);
  command->add_option("--out", options->out,
                      "Also write the report, with curves: a .html or .md file");
  add_threads_option(*command, options->threads);
  command->callback([options] { compare(*options); });
}

}  // namespace spanlab::cli
