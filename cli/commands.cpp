// Which commands there are, and in which order the help text shows them.
#include "cli/commands.h"

namespace spanlab::cli {

void add_commands(CLI::App& app) {
  add_demo_command(app);
  add_train_command(app);
  add_resume_command(app);
  add_pretrain_command(app);
  add_diagnose_command(app);
  add_lab_command(app);
  add_evaluate_command(app);
  add_compare_command(app);
  add_fit_command(app);
  add_detect_command(app);
  add_watch_command(app);
  add_replay_command(app);
  add_bars_command(app);
  add_features_command(app);
  add_label_command(app);
  add_windows_command(app);
  add_recipe_command(app);
}

}  // namespace spanlab::cli
