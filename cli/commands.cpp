// The list of commands, in the order of the help text.
#include "cli/commands.h"

namespace spanlab::cli {

std::vector<Command> all_commands() {
  return {demo_command(),
          train_command(),
          resume_command(),
          pretrain_command(),
          diagnose_command(),
          lab_command(),
          evaluate_command(),
          compare_command(),
          fit_command(),
          detect_command(),
          watch_command(),
          replay_command(),
          {"bars",
           "Check, resample or simulate bars",
           {},
           {},
           {bars_check_command(), bars_resample_command(), bars_simulate_command(),
            bars_ceiling_command()}},
          features_command(),
          {"label",
           "Find expansions and write them as spans, or complete labels",
           {},
           {},
           {label_hindsight_command(), label_review_command(), label_accept_command()}},
          {"windows",
           "Cut windows around spans, check or split them",
           {},
           {},
           {windows_cut_command(), windows_check_command(), windows_split_command(),
            windows_tile_command()}},
          recipe_command()};
}

}  // namespace spanlab::cli
