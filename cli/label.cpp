// spanlab label: the group of commands that make spans.
#include "cli/commands.h"
#include "cli/label_parts.h"

namespace spanlab::cli {

void add_label_command(CLI::App& app) {
  CLI::App* group =
      app.add_subcommand("label", "Find expansions and write them as spans, or complete labels");
  group->require_subcommand(1);
  add_label_hindsight(*group);
  add_label_review(*group);
  add_label_accept(*group);
}

}  // namespace spanlab::cli
