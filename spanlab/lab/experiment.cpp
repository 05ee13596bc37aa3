// Options and remedies as recipes.
#include "spanlab/lab/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "spanlab/base/settings_toml.h"

namespace spanlab {
namespace {

std::string setting_of(const std::string& assignment) {
  return assignment.substr(0, assignment.find('='));
}

std::string list_of(const std::vector<Task>& tasks) {
  std::string names;
  for (const Task task : tasks) {
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name_of(task));
  }
  return "loss.tasks=[" + names + "]";
}

/// Whether the setting changes anything in a run with these losses: one of a task that is left out
/// does not, nor does a balance of one task.
bool has_effect(const std::string& setting, const LossConfig& loss) {
  if (setting.starts_with("loss.countdown_")) return loss.has(Task::countdown);
  if (setting.starts_with("loss.pointer_")) return loss.has(Task::ptr);
  if (setting.starts_with("balancing.")) return loss.tasks.size() > 1;
  return true;
}

/// The settings of `patch` that no earlier one has changed, that have an effect on these losses and
/// are not the lab's own.
std::vector<std::string> new_settings(const std::vector<std::string>& patch,
                                      const std::vector<std::string>& changed,
                                      const LossConfig& loss) {
  std::vector<std::string> fresh;
  for (const std::string& assignment : patch) {
    const std::string name = setting_of(assignment);
    if (name.starts_with("split.") || !has_effect(name, loss)) continue;
    const bool taken = std::any_of(changed.begin(), changed.end(), [&](const std::string& other) {
      return setting_of(other) == name;
    });
    if (!taken) fresh.push_back(assignment);
  }
  return fresh;
}

std::string without_stop(std::string sentence) {
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// A finding's first remedy that a recipe can carry out.
struct Proposal {
  std::string rule;
  std::vector<std::string> patch;
  std::string action;  ///< what the patch does
};

/// The remedy in words, or its settings where not all of them apply.
std::string action_of(const Remedy& remedy, const std::vector<std::string>& patch) {
  if (patch.size() == remedy.patch.size()) return without_stop(remedy.action);
  return fmt::format("only {}", fmt::join(patch, ", "));
}

std::vector<Proposal> proposals_of(const std::vector<Finding>& findings,
                                   const std::vector<std::string>& changed,
                                   const LossConfig& loss) {
  std::vector<Proposal> proposals;
  for (const Finding& finding : findings) {
    for (const Remedy& remedy : finding.remedies) {
      const std::vector<std::string> patch = new_settings(remedy.patch, changed, loss);
      if (patch.empty()) continue;
      proposals.push_back({finding.rule, patch, action_of(remedy, patch)});
      break;
    }
  }
  return proposals;
}

/// All proposals in one patch, the earlier cause first.
Experiment all_remedies(const std::vector<Proposal>& proposals, const LossConfig& loss) {
  Experiment all{"all-remedies", {}, "the first remedies of all findings together:"};
  for (const Proposal& proposal : proposals) {
    const std::vector<std::string> patch = new_settings(proposal.patch, all.patch, loss);
    if (patch.empty()) continue;
    all.patch = joined(std::move(all.patch), patch);
    all.reason += " " + proposal.rule;
  }
  return all;
}

}  // namespace

Recipe patched(const Recipe& base, const std::vector<std::string>& patch) {
  Recipe recipe = base;
  const std::vector<Setting> settings = settings_of(recipe);
  for (const std::string& assignment : patch) override_setting(assignment, settings);
  return recipe;
}

std::vector<Experiment> reported_options(const Recipe& base) {
  std::vector<Task> others = base.loss.tasks;
  std::erase(others, Task::countdown);
  std::vector<Experiment> options{
      {kNoCountdown,
       {list_of(others)},
       "option 1 of the reported run: train without the countdown"},
      {"unit-countdown",
       {"loss.countdown_target=unit"},
       "option 2 of the reported run: map the countdown to 0..1"},
      {kSpanOnly,
       {list_of({Task::span}), "balancing.method=sum"},
       "option 3 of the reported run: train the span task alone"},
      {"wide-huber",
       {"loss.countdown_delta=10.0"},
       "option 4 of the reported run: a wider Huber loss for the countdown"}};
  std::set<std::string> texts{recipe_text(base)};
  std::vector<Experiment> all{{kBaseline, {}, "the unchanged recipe"}};
  for (Experiment& option : options) {
    const bool countdown_less = !base.has(Task::countdown) && option.name != kSpanOnly;
    if (others.empty() || countdown_less) continue;
    if (texts.insert(recipe_text(patched(base, option.patch))).second) {
      all.push_back(std::move(option));
    }
  }
  return all;
}

Experiment experiment_of(const std::string& name, const Recipe& recipe, const Recipe& base,
                         const std::string& reason) {
  const auto is_kept = [](const std::string& setting) {
    return setting == "data.window" || setting == "train.seed" || setting.starts_with("split.") ||
           setting.starts_with("record.") || setting.starts_with("criteria.");
  };
  Recipe from = base, to = recipe;
  const std::vector<Setting> before = settings_of(from), after = settings_of(to);
  Experiment experiment{name, {}, reason};
  for (size_t i = 0; i < after.size(); ++i) {
    const std::string value = value_text(after[i].get());
    if (!is_kept(after[i].name) && value != value_text(before[i].get())) {
      experiment.patch.push_back(after[i].name + "=" + value);
    }
  }
  return experiment;
}

std::vector<Experiment> proposed_experiments(const Recipe& base,
                                             const std::vector<Finding>& findings,
                                             const std::vector<Experiment>& known,
                                             const Experiment& leading, int limit) {
  const Recipe leader = patched(base, leading.patch);
  const std::vector<Proposal> proposals = proposals_of(findings, leading.patch, leader.loss);
  std::vector<Experiment> candidates;
  for (const Proposal& proposal : proposals) {
    candidates.push_back({"remedy-" + proposal.rule, proposal.patch,
                          fmt::format("remedy of {}: {}", proposal.rule, proposal.action)});
  }
  if (candidates.size() > 1)
    candidates.insert(candidates.begin() + 1, all_remedies(proposals, leader.loss));

  std::set<std::string> texts;
  for (const Experiment& e : known) texts.insert(recipe_text(patched(base, e.patch)));
  std::vector<Experiment> chosen;
  for (Experiment& candidate : candidates) {
    if (static_cast<int>(chosen.size()) >= limit) break;
    if (leading.name != kBaseline) candidate.reason += fmt::format(", on top of {}", leading.name);
    candidate.patch = joined(leading.patch, candidate.patch);
    if (texts.insert(recipe_text(patched(base, candidate.patch))).second) {
      chosen.push_back(std::move(candidate));
    }
  }
  return chosen;
}

}  // namespace spanlab
