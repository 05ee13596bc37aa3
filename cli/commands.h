// The commands of the program, and the command line that names one of them.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"

namespace spanlab::cli {

/// All of them, in the order of the help text.
std::vector<Command> all_commands();

/// Parses the line and runs its command; help and version go to stdout. Throws UsageError, and
/// whatever the command throws.
void run_command_line(int argc, const char* const* argv);

Command demo_command();
Command train_command();
Command resume_command();
Command pretrain_command();
Command diagnose_command();
Command lab_command();
Command evaluate_command();
Command compare_command();
Command fit_command();
Command detect_command();
Command watch_command();
Command replay_command();
Command bars_check_command();
Command bars_resample_command();
Command bars_simulate_command();
Command bars_ceiling_command();
Command features_command();
Command label_hindsight_command();
Command label_review_command();
Command label_accept_command();
Command windows_cut_command();
Command windows_check_command();
Command windows_split_command();
Command windows_tile_command();
Command recipe_command();

}  // namespace spanlab::cli
