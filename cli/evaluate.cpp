// spanlab evaluate: a run's model on windows that it was not trained on, beside trivial predictors.
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/held_out_options.h"
#include "cli/terminal.h"
#include "cli/threads_option.h"
#include "spanlab/diagnose/evaluate_run.h"
#include "spanlab/report/evaluation_report.h"

namespace spanlab::cli {
namespace {

struct EvaluateOptions {
  std::string run, out;
  HeldOutOptions held_out;
  int threads = 0;
};

void evaluate_command(const EvaluateOptions& options) {
  const std::optional<HeldOutInputs> held_out = options.held_out.inputs();
  const int threads = threads_of(options.threads);
  const RunEvidence run = gather_run(options.run, threads);
  const Document document = evaluation_report(evaluate_run(run, held_out, threads), run.notes);
  show_document("--out", options.out, document);
}

}  // namespace

void add_evaluate_command(CLI::App& app) {
  const auto options = std::make_shared<EvaluateOptions>();
  CLI::App* command = app.add_subcommand(
      "evaluate", "Test a run's model beside trivial predictors, with intervals");
  command->add_option("run", options->run, "Run folder")->required();
  options->held_out.add_to(*command);
  command->add_option("--out", options->out, "Also write the report: a .html or .md file");
  add_threads_option(*command, options->threads);
  command->callback([options] { evaluate_command(*options); });
}

}  // namespace spanlab::cli
