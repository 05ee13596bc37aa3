// spanlab evaluate: a run on windows that it was not trained on, compared with trivial predictors.
#include <fmt/format.h>

#include <string>

#include "cli/commands.h"
#include "cli/interruptible.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/spanlab.h"

namespace spanlab::cli {
namespace {

struct EvaluateOptions {
  std::string run, out;
  HeldOutOptions held_out;
  int threads = 0;
};

void evaluate(const EvaluateOptions& options) {
  const std::optional<HeldOut> held_out = options.held_out.read();
  const Tested tested = or_interrupted(
      options.threads, true, "no partial metrics are printed",
      [&](const Job& job) { return Run::open(options.run).evaluate(held_out, job); });
  if (!options.out.empty()) write_document("--out", options.out, tested.report);
  print_document(tested.summary);
  fmt::print("\n  {}\n", options.out.empty() ? "all metrics and charts: --out evaluation.html"
                                             : "report  " + options.out);
}

void declare(Options& options, EvaluateOptions& values) {
  options.positional("run", values.run, "Run folder").required();
  values.held_out.add_to(options);
  options.option("--out", values.out, "Also write the report: a .html or .md file");
  add_threads_option(options, values.threads);
}

}  // namespace

Command evaluate_command() {
  return make_command<EvaluateOptions>(
      "evaluate", "Compare a run's model with trivial predictors, with intervals", declare,
      evaluate);
}

}  // namespace spanlab::cli
