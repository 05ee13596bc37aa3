// Commands that continue from a run, as a user types them.
#include "spanlab/report/run_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace spanlab {
namespace {

/// Of the run's own files; where they are not known there is no command to give.
std::string command(const RunEvidence& evidence, const std::string& start, const std::string& end) {
  if (!evidence.metadata || !evidence.recipe) return "";
  const auto& inputs = evidence.metadata->inputs;
  std::string files;
  for (const char* name : {"bars", "windows", "spans"}) {
    const auto at = inputs.find(name);
    if (at == inputs.end() || at->second.empty()) continue;
    files += fmt::format(" --{} {}", name, shell_word(at->second));
  }
  const std::string recipe = shell_word((evidence.folder / "recipe.toml").string());
  return fmt::format("{}{}{}{}", start, recipe, files, end);
}

}  // namespace

std::string shell_word(const std::string& word) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+=,:").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string folder_beside(const RunEvidence& evidence, const std::string& name) {
  return shell_word(evidence.folder.string() + "-" + name);
}

std::string train_command(const RunEvidence& evidence, const std::string& program,
                          const std::vector<std::string>& patch, const std::string& name) {
  std::string settings;
  for (const std::string& setting : patch) settings += " --set " + shell_word(setting);
  return command(evidence, program + " train ",
                 settings + " --out " + folder_beside(evidence, name));
}

std::string lab_command(const RunEvidence& evidence, const std::string& program) {
  return command(evidence, program + " lab --recipe ", " --out " + folder_beside(evidence, "lab"));
}

}  // namespace spanlab
