// spanlab label hindsight, review and accept, for the group of label commands.
#pragma once

#include <CLI/CLI.hpp>

namespace spanlab::cli {

void add_label_hindsight(CLI::App& group);
void add_label_review(CLI::App& group);
void add_label_accept(CLI::App& group);

}  // namespace spanlab::cli
