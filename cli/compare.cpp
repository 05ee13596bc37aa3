// spanlab compare: runs side by side.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/interruptible.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/spanlab.h"

namespace spanlab::cli {
namespace {

struct CompareOptions {
  std::vector<std::string> runs;
  std::string out;
  HeldOutOptions held_out;
  int threads = 0;
};

void compare(const CompareOptions& options) {
  const std::optional<HeldOut> held_out = options.held_out.read();
  std::vector<Run> runs;
  for (const std::string& folder : options.runs) runs.push_back(Run::open(folder));
  const RunsCompared compared =
      or_interrupted(options.threads, true, "no partial metrics are printed",
                     [&](const Job& job) { return spanlab::compare(runs, held_out, job); });
  show_document("--out", options.out, compared.report);
}

void declare(Options& options, CompareOptions& values) {
  options.positional("runs", values.runs, "Run folders; all are compared with the first")
      .required()
      .at_least(2);
  values.held_out.add_to(options);
  options.option("--out", values.out, "Also write the report, with curves: a .html or .md file");
  add_threads_option(options, values.threads);
}

}  // namespace

Command compare_command() {
  return make_command<CompareOptions>(
      "compare", "Compare runs: settings, metrics with intervals, curves", declare, compare);
}

}  // namespace spanlab::cli
