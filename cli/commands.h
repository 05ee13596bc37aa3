// The commands of the program. Each adds itself, with its options and its action, to the parser.
#pragma once

#include <CLI/CLI.hpp>

namespace spanlab::cli {

/// All of them, in the order of the help text.
void add_commands(CLI::App& app);

void add_demo_command(CLI::App& app);
void add_train_command(CLI::App& app);
void add_resume_command(CLI::App& app);
void add_pretrain_command(CLI::App& app);
void add_diagnose_command(CLI::App& app);
void add_lab_command(CLI::App& app);
void add_fit_command(CLI::App& app);
void add_detect_command(CLI::App& app);
void add_watch_command(CLI::App& app);
void add_replay_command(CLI::App& app);
void add_evaluate_command(CLI::App& app);
void add_compare_command(CLI::App& app);
void add_bars_command(CLI::App& app);
void add_features_command(CLI::App& app);
void add_label_command(CLI::App& app);
void add_windows_command(CLI::App& app);
void add_recipe_command(CLI::App& app);

}  // namespace spanlab::cli
