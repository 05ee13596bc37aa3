// Commands that continue from a run: with its recipe, on the files that it was trained on.
#pragma once

#include <string>
#include <vector>

#include "spanlab/diagnose/run_facts.h"
#include "spanlab/evaluate/run_evidence.h"

namespace spanlab {

/// In single quotes for a shell, if it needs them.
std::string shell_word(const std::string& word);

/// Trains the run's recipe with `patch` into the run's folder with "-NAME" appended. `program`:
/// what commands begin with. Empty where the run's recipe or files are not known.
std::string train_command(const RunEvidence& evidence, const std::string& program,
                          const std::vector<std::string>& patch, const std::string& name);

/// Tries the remedies of the run's recipe side by side; empty likewise.
std::string lab_command(const RunEvidence& evidence, const std::string& program);

/// The folder that train_command() trains into, as a shell word.
std::string folder_beside(const RunEvidence& evidence, const std::string& name);

}  // namespace spanlab
